using System.Text;

namespace HybridConversations.Inference.Models;

/// <summary>
/// The header of a GGUF model file (versions 2 and 3, little-endian): metadata and the list of tensors, every claim checked against the file's length.
/// What <see cref="Read(string)"/> accepts is well-formed; whether this engine can run it is <see cref="ModelRequirements"/>'s business.
/// Format: the GGUF specification in ggml's docs/gguf.md.
/// </summary>
public sealed class GgufFile
{
    private const uint Magic = 0x46554747;
    private const int MaxKeys = 65_536;
    private const int MaxTensors = 65_536;
    private const int MaxKeyBytes = 65_535;
    private const int MaxTensorNameBytes = 63;
    private const int MinAlignment = 32; // ggml's own: a mapped tensor is used where it lies
    private const int MaxAlignment = 65_536;

    private GgufFile(string path, long fileBytes, int version, Dictionary<string, GgufValue> metadata, List<GgufTensor> tensors)
    {
        Path = path;
        FileBytes = fileBytes;
        Version = version;
        Metadata = metadata;
        Tensors = tensors;
    }

    /// <summary>The file, or the first of its parts.</summary>
    public string Path { get; }

    /// <summary>Bytes of all parts.</summary>
    public long FileBytes { get; }

    /// <summary>2 or 3.</summary>
    public int Version { get; }

    /// <summary>Its keys and values.</summary>
    public IReadOnlyDictionary<string, GgufValue> Metadata { get; }

    /// <summary>Its tensors, as the file lists them.</summary>
    public IReadOnlyList<GgufTensor> Tensors { get; }

    /// <summary>Name of the model; the file's name where it has none.</summary>
    public string Name => Text("general.name") is { Length: > 0 } name ? name : System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>E.g. <c>llama</c>; empty when the file does not say.</summary>
    public string Architecture => Text("general.architecture") ?? "";

    /// <summary>What its maker says of it.</summary>
    public string? Description => Text("general.description");

    /// <summary>Licence as the file states it, e.g. <c>apache-2.0</c>.</summary>
    public string? License => Text("general.license");

    /// <summary>Jinja template of a conversation.</summary>
    public string? ChatTemplate => Text("tokenizer.chat_template");

    /// <summary>Token with which texts begin; null when the file does not say.</summary>
    public int? BeginToken => Metadata.GetValueOrDefault("tokenizer.ggml.bos_token_id")?.Integer;

    /// <summary>Token that ends texts; null when the file does not say.</summary>
    public int? EndToken => Metadata.GetValueOrDefault("tokenizer.ggml.eos_token_id")?.Integer;

    /// <summary>Tokens the model was trained for; null when the file does not say.</summary>
    public int? ContextLength => Number("context_length");

    /// <summary>Number of weights.</summary>
    public long Parameters => Tensors.Sum(tensor => tensor.Elements);

    /// <summary>Bytes of all weights: what decoding one token reads.</summary>
    public long WeightBytes => Tensors.Sum(tensor => tensor.Bytes);

    /// <summary>Name of the mix of quantisations, e.g. <c>Q4_K_M</c>; where the file does not say, the type that most weights have.</summary>
    public string Quantisation => GgufFileType.Name(Metadata.GetValueOrDefault("general.file_type")?.Integer)
        ?? Tensors.GroupBy(tensor => tensor.Type.Name).MaxBy(group => group.Sum(tensor => tensor.Elements))?.Key ?? "unknown";

    /// <summary>The metadata text under a key; null when it is absent or no text.</summary>
    public string? Text(string key) => Metadata.GetValueOrDefault(key)?.Text;

    /// <summary>An integer of this architecture, e.g. <c>block_count</c>; null when it is absent or no integer.</summary>
    public int? Number(string key) => Metadata.GetValueOrDefault($"{Architecture}.{key}")?.Integer;

    /// <summary>Reads the header of a file.</summary>
    /// <exception cref="ModelFileException">The file is missing, cannot be read, is no GGUF, or is damaged.</exception>
    public static GgufFile Read(string path)
    {
        if (IsNoFile(path))
        {
            throw new ModelFileException(path, "it is no GGUF file: it is empty, or a pipe or a device.");
        }

        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            return Read(stream, path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFileException(path, "there is no such file. Check the path of the model.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ModelFileException(path, $"it cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Is there something without a length: an empty file, or a pipe, which would be waited for without end, or a device?</summary>
    public static bool IsNoFile(string path)
    {
        try
        {
            var given = new FileInfo(path);
            return (given.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? given) is { Exists: true, Length: 0 };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // Whoever opens it is told why that fails.
        }
    }

    internal static GgufFile Read(Stream stream, string path)
    {
        var reader = new GgufReader(stream, path);
        if (reader.FileBytes < 24 || reader.UInt32() != Magic)
        {
            throw new ModelFileException(path, "it is no GGUF file (it does not begin with \"GGUF\"). Models in other formats must be converted with llama.cpp's convert_hf_to_gguf.py.");
        }

        var version = reader.UInt32();
        if (version is < 2 or > 3)
        {
            throw new ModelFileException(path, (version & 0xFFFF) == 0 && version != 0
                ? "it is a big-endian GGUF file; only little-endian ones can be read. Convert it with llama.cpp's gguf_convert_endian.py."
                : $"it is GGUF version {version}; versions 2 and 3 can be read. Convert the model again with a current llama.cpp.");
        }

        var tensorCount = Bounded(reader, "tensors", reader.UInt64(), MaxTensors);
        var keyCount = Bounded(reader, "metadata keys", reader.UInt64(), MaxKeys);
        var metadata = new Dictionary<string, GgufValue>();
        for (var index = 0; index < keyCount; index++)
        {
            var key = reader.Text("a metadata key", MaxKeyBytes);
            if (!metadata.TryAdd(key, ReadValue(reader, key)))
            {
                throw reader.Damaged($"metadata key '{key}' is there twice");
            }
        }

        return new GgufFile(path, reader.FileBytes, (int)version, metadata, ReadTensors(reader, tensorCount, Alignment(reader, metadata)));
    }

    private static int Bounded(GgufReader reader, string what, ulong count, int limit) =>
        count <= (ulong)limit ? (int)count : throw reader.Damaged($"it claims {count} {what}, at most {limit} are allowed");

    private static GgufValue ReadValue(GgufReader reader, string key)
    {
        var type = ReadType(reader, key);
        return type switch
        {
            GgufValueType.String => new GgufValue(type, Text: reader.Text(key)),
            GgufValueType.Array => new GgufValue(type, Array: ReadArray(reader, key)),
            _ => new GgufValue(type, Number: ReadNumber(reader, key, type)),
        };
    }

    private static GgufValueType ReadType(GgufReader reader, string key) =>
        reader.UInt32() is var type && type <= (uint)GgufValueType.Float64 ? (GgufValueType)type : throw reader.Damaged($"metadata key '{key}' has the unknown type {type}");

    private static GgufArray ReadArray(GgufReader reader, string key)
    {
        var type = ReadType(reader, key);
        if (type == GgufValueType.Array)
        {
            throw reader.Damaged($"metadata key '{key}' is an array of arrays");
        }

        var count = reader.Count(key, type == GgufValueType.String ? 8 : Size(type));
        var (minimum, maximum) = (count == 0 ? 0 : double.PositiveInfinity, count == 0 ? 0 : double.NegativeInfinity);
        var seen = type == GgufValueType.String ? new HashSet<ulong>() : null;
        var numbers = seen is null && count <= GgufArray.MaxKeptNumbers ? new List<double>(count) : null;
        for (var index = 0; index < count; index++)
        {
            double value;
            if (seen is null)
            {
                value = ReadNumber(reader, key, type);
                numbers?.Add(value);
            }
            else
            {
                value = reader.SkipText(key, out var hash);
                seen.Add(hash != GgufReader.EmptyHash ? hash : GgufReader.Hash(Encoding.ASCII.GetBytes($"[EMPTY_{index}]"))); // llama.cpp's name for it
            }

            (minimum, maximum) = (Math.Min(minimum, value), Math.Max(maximum, value));
        }

        return new GgufArray(type, count, minimum, maximum, IsDistinct: seen?.Count == count, numbers);
    }

    private static double ReadNumber(GgufReader reader, string key, GgufValueType type) => type switch
    {
        GgufValueType.UInt8 => reader.Byte(),
        GgufValueType.Int8 => (sbyte)reader.Byte(),
        GgufValueType.UInt16 => reader.UInt16(),
        GgufValueType.Int16 => (short)reader.UInt16(),
        GgufValueType.UInt32 => reader.UInt32(),
        GgufValueType.Int32 => (int)reader.UInt32(),
        GgufValueType.Float32 => BitConverter.UInt32BitsToSingle(reader.UInt32()),
        GgufValueType.UInt64 => reader.UInt64(),
        GgufValueType.Int64 => (long)reader.UInt64(),
        GgufValueType.Float64 => BitConverter.UInt64BitsToDouble(reader.UInt64()),
        _ => reader.Byte() is var value and <= 1 ? value : throw reader.Damaged($"metadata key '{key}' has a boolean that is neither 0 nor 1"),
    };

    private static int Size(GgufValueType type) => type switch
    {
        GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Boolean => 1,
        GgufValueType.UInt16 or GgufValueType.Int16 => 2,
        GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
        _ => 8,
    };

    private static int Alignment(GgufReader reader, Dictionary<string, GgufValue> metadata)
    {
        var value = metadata.GetValueOrDefault("general.alignment") ?? new GgufValue(GgufValueType.UInt32, Number: 32);
        return value is { Type: GgufValueType.UInt32, Integer: >= MinAlignment and <= MaxAlignment and var alignment } && int.IsPow2(alignment) ? alignment
            : throw reader.Damaged($"general.alignment is {value}; a power of two from {MinAlignment} to {MaxAlignment} is allowed");
    }

    private static List<GgufTensor> ReadTensors(GgufReader reader, int count, int alignment)
    {
        var (tensors, names, expected) = (new List<GgufTensor>(), new HashSet<string>(), 0L);
        for (var index = 0; index < count; index++)
        {
            var tensor = ReadTensor(reader);
            if (!names.Add(tensor.Name))
            {
                throw reader.Damaged($"tensor '{tensor.Name}' is there twice");
            }

            if (tensor.Offset != expected)
            {
                throw reader.Damaged($"tensor '{tensor.Name}' begins at byte {tensor.Offset} of the data where {expected} belongs");
            }

            tensors.Add(tensor);
            expected = Align(expected + tensor.Bytes, alignment);
        }

        var data = Align(reader.Position, alignment);
        for (var index = 0; index < count; index++)
        {
            tensors[index] = tensors[index] with { Offset = data + tensors[index].Offset };
        }

        return count == 0 || tensors[^1].Offset + tensors[^1].Bytes <= reader.FileBytes ? tensors : throw reader.Damaged(
            $"its tensors end at byte {tensors[^1].Offset + tensors[^1].Bytes} and the file has {reader.FileBytes}: it was cut off");
    }

    private static GgufTensor ReadTensor(GgufReader reader)
    {
        var name = reader.Text("a tensor's name", MaxTensorNameBytes);
        var count = reader.UInt32();
        var dimensions = new long[count is >= 1 and <= 4 ? count : throw reader.Damaged($"tensor '{name}' has {count} dimensions; 1 to 4 are allowed")];
        var elements = 1L;
        for (var index = 0; index < dimensions.Length; index++)
        {
            var size = reader.UInt64();
            if (size is 0 || size > (ulong)(reader.FileBytes * 256 / elements))
            {
                throw reader.Damaged($"tensor '{name}' claims more weights than the file can hold, or none");
            }

            dimensions[index] = (long)size;
            elements *= dimensions[index];
        }

        var number = reader.UInt32();
        var type = GgufTensorType.Find(number) ?? throw reader.Damaged($"tensor '{name}' has the unknown type {number}");
        var offset = reader.UInt64();
        if (dimensions[0] % type.BlockElements != 0)
        {
            throw reader.Damaged($"tensor '{name}' has rows of {dimensions[0]} weights, which {type.Name} stores in blocks of {type.BlockElements}");
        }

        var bytes = elements / type.BlockElements * type.BlockBytes;
        return bytes <= reader.FileBytes && offset <= (ulong)reader.FileBytes ? new GgufTensor(name, type, dimensions, (long)offset, bytes)
            : throw reader.Damaged($"tensor '{name}' lies outside the file: it was cut off");
    }

    private static long Align(long position, int alignment) => (position + alignment - 1) & -alignment;
}

using System.Text;

namespace HybridConversations.Tests.Common.TinyModels;

/// <summary>Writes a GGUF file, version 3: metadata, then tensors of 32-bit floats.</summary>
internal sealed class GgufWriter(string architecture)
{
    private const int Alignment = 32;
    private const uint UInt32 = 4, Int32 = 5, Float32 = 6, Boolean = 7, Text = 8, Array = 9;
    private readonly List<(string Key, byte[] Value)> _values = [];
    private readonly List<(string Name, int[] Dimensions, float[] Data)> _tensors = [];

    /// <summary>A number of the architecture.</summary>
    public void Of(string key, uint value) => Add($"{architecture}.{key}", UInt32, BitConverter.GetBytes(value));

    /// <summary>A fraction of the architecture.</summary>
    public void Of(string key, float value) => Add($"{architecture}.{key}", Float32, BitConverter.GetBytes(value));

    /// <summary>A number for each layer.</summary>
    public void Of(string key, int[] values) => Add($"{architecture}.{key}", values);

    public void Add(string key, string value) => Add(key, Text, Bytes(value));

    public void Add(string key, uint value) => Add(key, UInt32, BitConverter.GetBytes(value));

    public void Add(string key, bool value) => Add(key, Boolean, [value ? (byte)1 : (byte)0]);

    public void Add(string key, IReadOnlyList<string> values) => Add(key, Array, [.. Head(Text, values.Count), .. values.SelectMany(Bytes)]);

    public void Add(string key, int[] values) => Add(key, Array, [.. Head(Int32, values.Length), .. values.SelectMany(BitConverter.GetBytes)]);

    /// <summary>A tensor; its first dimension is the one whose numbers lie beside each other.</summary>
    public void Tensor(string name, int[] dimensions, Func<int, float> value) =>
        _tensors.Add((name, dimensions, [.. Enumerable.Range(0, dimensions.Aggregate(1, (a, b) => a * b)).Select(value)]));

    public byte[] File()
    {
        using var stream = new MemoryStream();
        stream.Write("GGUF"u8);
        stream.Write([.. BitConverter.GetBytes(3), .. BitConverter.GetBytes((long)_tensors.Count), .. BitConverter.GetBytes((long)_values.Count + 1)]);
        stream.Write([.. Bytes("general.architecture"), .. BitConverter.GetBytes(Text), .. Bytes(architecture)]);
        foreach (var (key, value) in _values)
        {
            stream.Write([.. Bytes(key), .. value]);
        }

        var offset = 0L;
        foreach (var (name, dimensions, data) in _tensors)
        {
            stream.Write([.. Bytes(name), .. BitConverter.GetBytes(dimensions.Length), .. dimensions.SelectMany(length => BitConverter.GetBytes((long)length))]);
            stream.Write([.. BitConverter.GetBytes(0), .. BitConverter.GetBytes(offset)]);
            offset += Padded(data.Length * sizeof(float));
        }

        stream.SetLength(Padded(stream.Length));
        stream.Position = stream.Length;
        foreach (var (_, _, data) in _tensors)
        {
            foreach (var number in data)
            {
                stream.Write(BitConverter.GetBytes(number));
            }

            stream.SetLength(Padded(stream.Length));
            stream.Position = stream.Length;
        }

        return stream.ToArray();
    }

    private void Add(string key, uint type, byte[] value) => _values.Add((key, [.. BitConverter.GetBytes(type), .. value]));

    private static byte[] Head(uint type, int count) => [.. BitConverter.GetBytes(type), .. BitConverter.GetBytes((long)count)];

    private static byte[] Bytes(string text) => [.. BitConverter.GetBytes((long)Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    private static long Padded(long length) => (length + Alignment - 1) / Alignment * Alignment;
}

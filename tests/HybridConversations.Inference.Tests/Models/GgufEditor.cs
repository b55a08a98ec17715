using System.Buffers.Binary;
using System.Text;
using HybridConversations.Inference.Models;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.Models;

/// <summary>The built-in model taken apart into the pieces of its header, to be written again with some of them changed.</summary>
public sealed class GgufEditor
{
    private const int Alignment = 32;
    private readonly byte[] _data;

    public GgufEditor()
    {
        var file = File.ReadAllBytes(RepositoryFiles.DemoModel);
        var at = 24;
        var (tensors, keys) = (BitConverter.ToInt64(file, 8), BitConverter.ToInt64(file, 16));
        for (var index = 0; index < keys; index++)
        {
            var key = Encoding.UTF8.GetString(Text(file, ref at));
            var type = (GgufValueType)BitConverter.ToUInt32(file, at);
            var start = at += 4;
            Skip(file, ref at, type);
            Values.Add((key, type, file[start..at]));
        }

        for (var index = 0; index < tensors; index++)
        {
            var name = Encoding.UTF8.GetString(Text(file, ref at));
            var start = at;
            at += 4 + 8 * BitConverter.ToInt32(file, at) + 12;
            Tensors.Add((name, file[start..at]));
        }

        HeaderBytes = at;
        _data = file[((at + Alignment - 1) / Alignment * Alignment)..];
    }

    /// <summary>Key, type and raw bytes.</summary>
    public List<(string Key, GgufValueType Type, byte[] Value)> Values { get; } = [];

    /// <summary>Name, and the raw bytes of dimensions, type and offset.</summary>
    public List<(string Name, byte[] Info)> Tensors { get; } = [];

    public int HeaderBytes { get; }

    public GgufEditor Drop(string key)
    {
        Values.RemoveAll(value => value.Key == key);
        return this;
    }

    public GgufEditor Set(string key, uint value) => Set(key, GgufValueType.UInt32, BitConverter.GetBytes(value));

    public GgufEditor Set(string key, float value) => Set(key, GgufValueType.Float32, BitConverter.GetBytes(value));

    public GgufEditor Set(string key, string value) => Set(key, GgufValueType.String, Text(value));

    public GgufEditor Set(string key, params string[] values) =>
        Set(key, GgufValueType.Array, [.. BitConverter.GetBytes((uint)GgufValueType.String), .. BitConverter.GetBytes((long)values.Length), .. values.SelectMany(Text)]);

    public GgufEditor Set(string key, params int[] values) =>
        Set(key, GgufValueType.Array, [.. BitConverter.GetBytes((uint)GgufValueType.Int32), .. BitConverter.GetBytes((long)values.Length), .. values.SelectMany(BitConverter.GetBytes)]);

    public GgufEditor Set(string key, GgufValueType type, byte[] value)
    {
        var at = Values.FindIndex(entry => entry.Key == key);
        Values.RemoveAll(entry => entry.Key == key);
        Values.Insert(at < 0 ? Values.Count : at, (key, type, value));
        return this;
    }

    /// <summary>The whole file again.</summary>
    public byte[] Bytes()
    {
        using var stream = new MemoryStream();
        stream.Write("GGUF"u8);
        stream.Write(BitConverter.GetBytes(3));
        stream.Write(BitConverter.GetBytes((long)Tensors.Count));
        stream.Write(BitConverter.GetBytes((long)Values.Count));
        foreach (var (key, type, value) in Values)
        {
            stream.Write(Text(key));
            stream.Write(BitConverter.GetBytes((uint)type));
            stream.Write(value);
        }

        foreach (var (name, info) in Tensors)
        {
            stream.Write(Text(name));
            stream.Write(info);
        }

        stream.Write(new byte[(Alignment - stream.Length % Alignment) % Alignment]);
        stream.Write(_data);
        return stream.ToArray();
    }

    public static byte[] Text(string text) => [.. BitConverter.GetBytes((long)Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Text(byte[] file, ref int at)
    {
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(at));
        at += 8 + length;
        return file[(at - length)..at];
    }

    private static void Skip(byte[] file, ref int at, GgufValueType type)
    {
        switch (type)
        {
            case GgufValueType.String:
                Text(file, ref at);
                break;
            case GgufValueType.Array:
                var (element, count) = ((GgufValueType)BitConverter.ToUInt32(file, at), BitConverter.ToInt64(file, at + 4));
                at += 12;
                for (var index = 0; index < count; index++)
                {
                    Skip(file, ref at, element);
                }

                break;
            default:
                at += type switch { GgufValueType.Boolean or GgufValueType.UInt8 or GgufValueType.Int8 => 1, GgufValueType.UInt64 or GgufValueType.Int64 or GgufValueType.Float64 => 8, _ => 4 };
                break;
        }
    }
}

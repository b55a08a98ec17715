using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Text;

namespace HybridConversations.Routing;

/// <summary>What is added to the log-odds by the language that is spoken: one classifier of many languages is too sure in some of them, and not sure enough in others.</summary>
internal sealed class LanguageOffsets(IReadOnlyDictionary<string, float> byLanguage)
{
    private const int LanguageBytes = 2;

    private readonly FrozenDictionary<string, float> _byLanguage = byLanguage.ToFrozenDictionary(StringComparer.Ordinal);

    public static LanguageOffsets None { get; } = new(new Dictionary<string, float>(StringComparer.Ordinal));

    public double Of(scoped in WordList words) => _byLanguage.Count == 0 ? 0 : _byLanguage.GetValueOrDefault(SpokenLanguage.Of(words));

    public void Write(Stream stream)
    {
        stream.WriteByte((byte)_byLanguage.Count);
        Span<byte> entry = stackalloc byte[LanguageBytes + sizeof(float)];
        foreach (var (language, offset) in _byLanguage.OrderBy(language => language.Key, StringComparer.Ordinal))
        {
            Encoding.ASCII.GetBytes(language, entry);
            BinaryPrimitives.WriteSingleLittleEndian(entry[LanguageBytes..], offset);
            stream.Write(entry);
        }
    }

    /// <exception cref="EndOfStreamException">The stream is cut.</exception>
    public static LanguageOffsets Read(Stream stream)
    {
        Span<byte> entry = stackalloc byte[LanguageBytes + sizeof(float)];
        stream.ReadExactly(entry[..1]);
        var count = entry[0];
        var offsets = new Dictionary<string, float>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            stream.ReadExactly(entry);
            offsets[Encoding.ASCII.GetString(entry[..LanguageBytes])] = BinaryPrimitives.ReadSingleLittleEndian(entry[LanguageBytes..]);
        }

        return new LanguageOffsets(offsets);
    }
}

using System.Text;

namespace HybridConversations.Inference.Replies;

/// <summary>Texts of which one must come, byte by byte.</summary>
internal sealed class LiteralSet(IEnumerable<string> texts)
{
    private readonly byte[][] _texts = [.. texts.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Behind a byte: one of the texts that have begun so, or −1.</summary>
    /// <param name="text">One of the texts that have begun as what has come.</param>
    /// <param name="at">Bytes that have come.</param>
    /// <param name="value">The byte that comes.</param>
    public int Next(int text, int at, byte value)
    {
        var begun = _texts[text].AsSpan(0, at);
        for (var i = 0; i < _texts.Length; i++)
        {
            if (at < _texts[i].Length && _texts[i][at] == value && _texts[i].AsSpan(0, at).SequenceEqual(begun))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Has this text come whole?</summary>
    public bool IsWhole(int text, int at) => _texts[text].Length == at;
}

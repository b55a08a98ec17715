using System.Buffers;
using System.Text;
using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.Text;

/// <summary>The texts of a model's control tokens, to be found in what people say. Thread-safe.</summary>
internal sealed class ControlTexts
{
    private readonly SearchValues<string> _search;
    private readonly string[] _longestFirst;

    private ControlTexts(IReadOnlyCollection<string> texts)
    {
        _longestFirst = [.. texts.OrderByDescending(text => text.Length)];
        _search = SearchValues.Create(_longestFirst, StringComparison.Ordinal);
    }

    public static ControlTexts Of(IModelBackend backend)
    {
        // The sign of a held text stands for itself too, so that nobody can write one.
        var texts = new HashSet<string>(StringComparer.Ordinal) { HeldTexts.Sign.ToString() };
        var piece = new byte[512];
        for (var token = 0; token < backend.Info.VocabularySize; token++)
        {
            if (backend.IsControl(token) && backend.TokenToPiece(token, piece) is > 1 and var length)
            {
                texts.Add(Encoding.UTF8.GetString(piece, 0, length));
            }
        }

        return new ControlTexts(texts);
    }

    /// <summary>The first control text from <paramref name="from"/> on, the longest where several begin there; null where there is none.</summary>
    public (int At, string Text)? Find(string text, int from)
    {
        var at = text.AsSpan(from).IndexOfAny(_search);
        return at < 0 ? null : (from + at, Array.Find(_longestFirst, control => string.CompareOrdinal(text, from + at, control, 0, control.Length) == 0)!);
    }
}

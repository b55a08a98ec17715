using System.Text;
using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.Sampling;

/// <summary>Tokens of one model. Immutable.</summary>
public sealed class TokenSet
{
    private readonly bool[] _has;

    internal TokenSet(bool[] has) => _has = has;

    /// <summary>The tokens that have one of some texts in them: reads the whole vocabulary.</summary>
    internal static TokenSet With(IReadOnlyList<string> texts, IModelBackend backend)
    {
        var wanted = texts.Select(Encoding.UTF8.GetBytes).ToArray();
        var has = new bool[backend.Info.VocabularySize];
        var piece = new byte[256];
        for (var token = 0; token < has.Length; token++)
        {
            var length = backend.TokenToPiece(token, piece);
            if (length < 0)
            {
                piece = new byte[-length];
                length = backend.TokenToPiece(token, piece);
            }

            foreach (var text in wanted)
            {
                has[token] |= piece.AsSpan(0, length).IndexOf(text) >= 0;
            }
        }

        return new TokenSet(has);
    }

    internal bool Has(int token) => (uint)token < (uint)_has.Length && _has[token];
}

using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Text;

namespace HybridConversations.Inference.Sampling;

/// <summary>Counts the tokens of a thought and closes it when it has had its share. Belongs to one generation and the engine's thread.</summary>
/// <param name="limit">The share.</param>
/// <param name="backend">Knows the texts of tokens.</param>
internal sealed class ThoughtWatch(ThoughtLimit limit, IModelBackend backend)
{
    private readonly byte[] _piece = new byte[1024];
    private readonly StopAutomaton _marks = new([limit.Open, limit.Close]);
    private bool _isOpen = limit.IsOpen;
    private int _state;
    private int _forced;

    /// <summary>Tokens of thought so far, without its marks.</summary>
    public int Count { get; private set; }

    /// <summary>The token that comes next whatever the model wants; null where it decides.</summary>
    public int? Forced => _forced > 0 || (_isOpen && Count >= limit.Tokens) ? limit.ClosingTokens[_forced] : null;

    public void Accept(int token)
    {
        if (Forced is not null)
        {
            _forced = (_forced + 1) % limit.ClosingTokens.Count;
            (_isOpen, _state) = (_isOpen && _forced > 0, 0);
            return;
        }

        var wasOpen = _isOpen;
        foreach (var value in _piece.AsSpan(0, Math.Max(0, backend.TokenToPiece(token, _piece))))
        {
            _state = _marks.Next(_state, value);
            if (_marks.MatchLength(_state) > 0)
            {
                _isOpen = _marks.MatchIndex(_state) == 0;
            }
        }

        Count += wasOpen && _isOpen ? 1 : 0;
    }
}

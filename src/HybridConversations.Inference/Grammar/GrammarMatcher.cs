namespace HybridConversations.Inference.Grammar;

/// <summary>
/// Follows one reply through its grammar, token by token. What a token may cost is bounded; a grammar that needs more is refused with the rule that does. Belongs to one thread.
/// </summary>
internal sealed class GrammarMatcher : ITokenConstraint
{
    // A unit takes 10 to 20 ns (docs/engine.md), so a token at most 20 ms, and four such tokens in a row.
    private const int FullWork = 4_000_000;
    private const int Refill = 100_000;

    /// <summary>Units that one token may take: trying candidates, a mask, and accepting it.</summary>
    internal const int WorkPerToken = 1_000_000;

    private const int MaxMasks = 32;
    private readonly TokenTree _tokens;
    private readonly GrammarWork _work = new(FullWork, Refill, WorkPerToken);
    private readonly GrammarStates _states;
    private readonly int[] _path;
    private readonly Dictionary<int, ulong[]> _masks = [];
    private int _state;

    public GrammarMatcher(GrammarProgram program, TokenTree tokens)
    {
        _tokens = tokens;
        _path = new int[tokens.MaxDepth + 1];
        _states = new GrammarStates(program, _work);
        _state = _states.Start;
    }

    /// <summary>Nothing but the end can come.</summary>
    public bool IsEnd => _states.IsEnd(_state);

    /// <summary>Units of work so far, see <see cref="GrammarWork"/>.</summary>
    public long Work => _work.Spent;

    /// <summary>Where it is; for whoever goes through a token byte by byte.</summary>
    public int State => _state;

    /// <summary>Where a document begins.</summary>
    public int Start => _states.Start;

    /// <summary>Where a byte leads; −1 for nowhere.</summary>
    public int Next(int state, byte value) => _states.Next(state, value);

    /// <summary>Can nothing but the end come there?</summary>
    public bool EndsAt(int state) => _states.IsEnd(state);

    /// <summary>Goes there: a token has led to it.</summary>
    public void MoveTo(int state)
    {
        _state = state;
        _work.Refill();
        if (_states.IsFull)
        {
            _state = _states.Forget(_state);
            _masks.Clear();
        }
    }

    /// <summary>May this token come next?</summary>
    public bool Allows(int token) => _tokens.IsEnd(token) ? _states.Accepts(_state) : Behind(token) >= 0;

    /// <summary>Records that the token came.</summary>
    /// <exception cref="InvalidOperationException">It is not allowed here.</exception>
    public void Accept(int token)
    {
        var next = Behind(token);
        MoveTo(next >= 0 ? next : throw new InvalidOperationException($"The grammar does not allow token {token} here."));
    }

    /// <summary>Sets the logits of all tokens that may not come next to −∞.</summary>
    public void Mask(Span<float> logits)
    {
        if (!_masks.TryGetValue(_state, out var mask))
        {
            if (_masks.Count >= MaxMasks)
            {
                _masks.Clear();
            }

            _masks.Add(_state, mask = Allowed());
        }

        for (var token = 0; token < logits.Length; token++)
        {
            if ((mask[token >> 6] >> token & 1) == 0)
            {
                logits[token] = float.NegativeInfinity;
            }
        }
    }

    private int Behind(int token)
    {
        var piece = _tokens.Piece(token);
        var state = piece.IsEmpty ? -1 : _state;
        for (var i = 0; i < piece.Length && state >= 0; i++)
        {
            state = _states.Next(state, piece[i]);
        }

        return state;
    }

    private ulong[] Allowed()
    {
        var mask = new ulong[(_tokens.Size + 63) / 64];
        if (_states.Accepts(_state))
        {
            for (var token = 0; token < _tokens.Size; token++)
            {
                mask[token >> 6] |= _tokens.IsEnd(token) ? 1UL << token : 0;
            }
        }

        _path[0] = _state;
        var visited = 0;
        for (var node = 0; node < _tokens.Nodes; visited++)
        {
            var depth = _tokens.Depth(node);
            var state = _states.Next(_path[depth - 1], _tokens.Value(node));
            if (state < 0)
            {
                node = _tokens.After(node);
                continue;
            }

            _path[depth] = state;
            for (var token = _tokens.Token(node); token >= 0; token = _tokens.Same(token))
            {
                mask[token >> 6] |= 1UL << token;
            }

            node++;
        }

        _work.Count(visited);
        return mask;
    }
}

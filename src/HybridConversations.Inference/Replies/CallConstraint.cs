using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Grammar;
using HybridConversations.Inference.Text;

namespace HybridConversations.Inference.Replies;

/// <summary>
/// Lets a reply say what it likes, and holds every call to its form: from the opening mark on the name is one of those that may be called, and the arguments are a document of
/// its schema. Works on bytes, so a token may end a mark and begin a call. Belongs to one generation and the engine's thread.
/// </summary>
internal sealed class CallConstraint : ITokenConstraint
{
    private readonly IModelBackend _backend;
    private readonly CallPlan _plan;
    private readonly LiteralSet _opened;
    private readonly LiteralSet _heads;
    private readonly LiteralSet _nextHeads;
    private readonly LiteralSet _tails;
    private readonly StopAutomaton _open;
    private readonly StopAutomaton? _behind;
    private readonly GrammarMatcher?[] _matchers;
    private readonly TokenTree _tokens;
    private readonly CallPlace[] _path;
    private readonly ulong[] _allowed;
    private readonly byte[] _quote;
    private readonly byte[] _piece = new byte[1024];
    private CallPlace _place;
    private long _walked;

    public CallConstraint(CallPlan plan, IModelBackend backend)
    {
        (_plan, _backend) = (plan, backend);
        var form = plan.Form;
        // Every tool with the usual mark behind its name first: a literal stands for the tool at its place, modulo their number.
        string[] heads = [.. ((string[])[form.AfterName, .. form.OtherAfterNames]).SelectMany(after => plan.Tools.Select(tool => form.BeforeName + tool.Name + after))];
        _quote = System.Text.Encoding.UTF8.GetBytes(form.Quote ?? "");
        _opened = new LiteralSet(heads.Select(head => form.BeginsBare ? head : form.Open + form.Lead + head));
        _heads = new LiteralSet(heads.Select(head => form.Lead + head));
        _nextHeads = new LiteralSet(heads);
        _tails = form.IsEndInArguments ? new LiteralSet([""]) : new LiteralSet([form.AfterArguments + form.Close, .. form.Between is { } between && plan.Parallel ? (string[])[form.AfterArguments + between] : []]);
        _open = new StopAutomaton([form.Open, .. form.OtherOpens]);
        _behind = plan.Behind is { } mark ? new StopAutomaton([mark]) : null;
        _matchers = new GrammarMatcher?[plan.Tools.Count];
        _tokens = plan.Tools[0].Arguments.Tokens;
        _path = new CallPlace[_tokens.MaxDepth + 1];
        _allowed = new ulong[(_tokens.Size + 63) / 64];
        _place = !plan.Required ? new CallPlace(CallPhase.Start, 0, 0) : new CallPlace(_behind is null ? CallPhase.Opening : CallPhase.Waiting, 0, 0);
    }

    public bool IsEnd => _place.Phase == CallPhase.Over;

    public long Work
    {
        get
        {
            var work = _walked;
            foreach (var matcher in _matchers)
            {
                work += matcher?.Work ?? 0;
            }

            return work;
        }
    }

    private bool MayEnd => _place.Phase is CallPhase.Start or CallPhase.Free or CallPhase.Over;

    public bool Allows(int token) => _backend.IsEndOfGeneration(token) ? MayEnd : Behind(token).Phase != CallPhase.Dead;

    public void Accept(int token)
    {
        var next = Behind(token);
        if (next.Phase == CallPhase.Dead)
        {
            throw new InvalidOperationException($"The form of a call does not allow token {token} here.");
        }

        if (next.Phase == CallPhase.Arguments)
        {
            var matcher = Matcher(next.Choice);
            matcher.MoveTo(next.At);
            next = next with { At = matcher.State };
        }

        _place = next;
    }

    public void Mask(Span<float> logits)
    {
        if (_place.Phase == CallPhase.Arguments)
        {
            // A token that ends the arguments and goes on behind them is left out: one that only ends them is always there.
            var matcher = Matcher(_place.Choice);
            matcher.MoveTo(_place.At);
            _place = _place with { At = matcher.State };
            matcher.Mask(logits);
            return;
        }

        FindAllowed();
        for (var token = 0; token < logits.Length; token++)
        {
            if ((_allowed[token >> 6] >> token & 1) == 0)
            {
                logits[token] = float.NegativeInfinity;
            }
        }
    }

    /// <summary>A walk over the tree of all tokens' bytes that passes over whatever leads nowhere: between two marks nearly everything does.</summary>
    private void FindAllowed()
    {
        Array.Clear(_allowed);
        _path[0] = _place;
        for (var node = 0; node < _tokens.Nodes; _walked++)
        {
            var depth = _tokens.Depth(node);
            var place = Next(_path[depth - 1], _tokens.Value(node));
            if (place.Phase == CallPhase.Dead)
            {
                node = _tokens.After(node);
                continue;
            }

            _path[depth] = place;
            for (var token = _tokens.Token(node); token >= 0; token = _tokens.Same(token))
            {
                _allowed[token >> 6] |= 1UL << token;
            }

            node++;
        }

        foreach (var token in _tokens.Outside)
        {
            _allowed[token >> 6] |= Allows(token) ? 1UL << token : 0;
        }
    }

    private CallPlace Behind(int token)
    {
        var place = _place;
        var length = Math.Max(0, _backend.TokenToPiece(token, _piece));
        var isControl = _backend.IsControl(token);
        if (length == 0 && place.Phase is not (CallPhase.Start or CallPhase.Free or CallPhase.Waiting))
        {
            return default;
        }

        for (var i = 0; i < length && place.Phase != CallPhase.Dead; i++)
        {
            place = isControl && place.Phase == CallPhase.Arguments && !IsQuote(length) ? default : Next(place, _piece[i]);
        }

        return place;
    }

    /// <summary>The one control token that arguments may hold.</summary>
    private bool IsQuote(int length) => _quote.Length > 0 && _piece.AsSpan(0, length).SequenceEqual(_quote);

    private CallPlace Next(CallPlace place, byte value)
    {
        switch (place.Phase)
        {
            case CallPhase.Waiting:
                var waited = _behind!.Next(place.At, value);
                return _behind.MatchLength(waited) > 0 ? new CallPlace(CallPhase.Opening, 0, 0) : place with { At = waited };
            case CallPhase.Start when _plan.Form.BeginsBare && value == '{':
                return Literal(_nextHeads, new CallPlace(CallPhase.NextHead, 0, 0), value);
            case CallPhase.Start or CallPhase.Free:
                var open = _open.Next(place.At, value);
                return _open.MatchLength(open) > 0 ? new CallPlace(CallPhase.Head, 0, 0)
                    : new CallPlace(place.Phase == CallPhase.Start && value is (byte)' ' or (byte)'\n' ? CallPhase.Start : CallPhase.Free, open, 0);
            case CallPhase.Opening:
                return Literal(_opened, place, value);
            case CallPhase.Head:
                return Literal(_heads, place, value);
            case CallPhase.NextHead:
                return Literal(_nextHeads, place, value);
            case CallPhase.Arguments:
                var state = Matcher(place.Choice).Next(place.At, value);
                return state < 0 ? default : Matcher(place.Choice).EndsAt(state) ? Finish(new CallPlace(CallPhase.Tail, 0, 0)) : place with { At = state };
            case CallPhase.Tail:
                return Literal(_tails, place, value);
            default:
                return default;
        }
    }

    private CallPlace Literal(LiteralSet set, CallPlace place, byte value)
    {
        var text = set.Next(place.Choice, place.At, value);
        return text < 0 ? default : Finish(new CallPlace(place.Phase, place.At + 1, text), set);
    }

    /// <summary>Where a literal that has come whole leads.</summary>
    private CallPlace Finish(CallPlace place, LiteralSet? set = null)
    {
        if (!(set ?? _tails).IsWhole(place.Choice, place.At))
        {
            return place;
        }

        var tool = place.Choice % _plan.Tools.Count;
        return place.Phase != CallPhase.Tail ? new CallPlace(CallPhase.Arguments, Matcher(tool).Start, tool)
            : place.Choice > 0 ? new CallPlace(CallPhase.NextHead, 0, 0)
            : new CallPlace(_plan.Parallel ? CallPhase.Free : CallPhase.Over, 0, 0);
    }

    /// <summary>A function's arguments.</summary>
    private GrammarMatcher Matcher(int tool) => _matchers[tool] ??= _plan.Tools[tool].Arguments.Begin();
}

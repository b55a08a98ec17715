namespace HybridConversations.Inference.Grammar;

/// <summary>
/// What a grammar may still cost. A unit is one item or one node of the vocabulary's tree, some nanoseconds. It is a bucket: each token of the reply adds to it, so a
/// grammar may be expensive once (its first tokens) and must be cheap on the average.
/// </summary>
internal sealed class GrammarWork
{
    private readonly int _full;
    private readonly int _refill;
    private readonly int _perToken;
    private int _left;
    private int _token;

    /// <param name="full">Units at the beginning, and at most.</param>
    /// <param name="refill">Units that a token adds.</param>
    /// <param name="perToken">Units for one token at most.</param>
    public GrammarWork(int full, int refill, int perToken) => (_full, _refill, _perToken, _left, _token) = (full, refill, perToken, full, perToken);

    /// <summary>Units spent so far.</summary>
    public long Spent { get; private set; }

    /// <summary>A token has come.</summary>
    public void Refill()
    {
        _left = Math.Min(_full, _left + _refill);
        _token = _perToken;
    }

    /// <summary>Counts what is bounded by the vocabulary: a walk over its tokens.</summary>
    public void Count(int units) => Spent += units;

    /// <summary>False when there is not so much left; nothing can be spent from then on until the next token.</summary>
    public bool TrySpend(int units)
    {
        Spent += units;
        _left -= units;
        _token -= units;
        return _left >= 0 && _token >= 0;
    }
}

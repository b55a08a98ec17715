namespace HybridConversations.Inference.Backends;

/// <summary>Rows for one decode: token, position, sequence, and whether logits are wanted. Reused from step to step; never grows.</summary>
public sealed class TokenBatch(int capacity)
{
    private readonly int[] _tokens = new int[capacity];
    private readonly int[] _positions = new int[capacity];
    private readonly int[] _sequences = new int[capacity];
    private readonly bool[] _logits = new bool[capacity];

    /// <summary>Rows that fit.</summary>
    public int Capacity { get; } = capacity;

    /// <summary>Rows that it has.</summary>
    public int Count { get; private set; }

    /// <summary>[Count] the token of each row.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>[Count] its position in its sequence.</summary>
    public ReadOnlySpan<int> Positions => _positions.AsSpan(0, Count);

    /// <summary>[Count] its sequence.</summary>
    public ReadOnlySpan<int> Sequences => _sequences.AsSpan(0, Count);

    /// <summary>[Count] whether its logits are to be computed.</summary>
    public ReadOnlySpan<bool> WantsLogits => _logits.AsSpan(0, Count);

    /// <summary>Takes all rows out.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds a row and returns its index.</summary>
    /// <exception cref="InvalidOperationException">The batch is full: a fault in the planner.</exception>
    public int Add(int token, int position, int sequence, bool wantsLogits)
    {
        if (Count == Capacity)
        {
            throw new InvalidOperationException($"The batch holds {Capacity} rows and is full.");
        }

        _tokens[Count] = token;
        _positions[Count] = position;
        _sequences[Count] = sequence;
        _logits[Count] = wantsLogits;
        return Count++;
    }
}

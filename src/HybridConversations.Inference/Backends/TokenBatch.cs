namespace HybridConversations.Inference.Backends;

/// <summary>Rows for one decode: token, position, sequence, and whether logits are wanted. Reused from step to step; never grows.</summary>
public sealed class TokenBatch(int capacity)
{
    private readonly int[] _tokens = new int[capacity];
    private readonly int[] _positions = new int[capacity];
    private readonly int[] _sequences = new int[capacity];
    private readonly bool[] _logits = new bool[capacity];

    public int Capacity { get; } = capacity;
    public int Count { get; private set; }
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);
    public ReadOnlySpan<int> Positions => _positions.AsSpan(0, Count);
    public ReadOnlySpan<int> Sequences => _sequences.AsSpan(0, Count);
    public ReadOnlySpan<bool> WantsLogits => _logits.AsSpan(0, Count);

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

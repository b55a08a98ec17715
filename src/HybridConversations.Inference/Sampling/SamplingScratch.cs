namespace HybridConversations.Inference.Sampling;

/// <summary>Memory that choosing a token needs; one for each engine thread, so that no token allocates.</summary>
internal sealed class SamplingScratch(int vocabularySize)
{
    private readonly float[] _row = new float[vocabularySize];

    /// <summary>A row of logits that may be changed.</summary>
    public Span<float> Row => _row;

    public Candidates Candidates { get; } = new(vocabularySize);

    /// <summary>For typical sampling, which looks at some thousands.</summary>
    public float[] Distances { get; } = new float[vocabularySize];

    public int[] Order { get; } = new int[vocabularySize];
}

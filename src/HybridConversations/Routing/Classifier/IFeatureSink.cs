namespace HybridConversations.Routing;

/// <summary>Takes the features of a turn, each once.</summary>
internal interface IFeatureSink
{
    /// <param name="bucket">Index of the weight, 0 to <see cref="FeatureReader.Buckets"/> − 1.</param>
    /// <param name="value">How much the feature counts.</param>
    /// <param name="first">The word it was read from.</param>
    /// <param name="second">The other word of a pair; the same as <paramref name="first"/> for a single word.</param>
    void Add(int bucket, float value, int first, int second);
}

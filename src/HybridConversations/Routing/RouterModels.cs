using System.Reflection;

namespace HybridConversations.Routing;

/// <summary>The trained weights, loaded from the assembly once.</summary>
internal sealed class RouterModels
{
    private static readonly Lazy<RouterModels> Loaded = new(() => new RouterModels(new CloudClassifier(Read("english.weights"), Read("others.weights")), Read("follow-up.weights")));

    public RouterModels(CloudClassifier cloud, LinearClassifier followUp)
    {
        Cloud = cloud;
        FollowUp = followUp;
    }

    public static RouterModels Default => Loaded.Value;

    /// <summary>Does the turn, taken alone, need the cloud?</summary>
    public CloudClassifier Cloud { get; }

    /// <summary>Does the turn go on about the answer before it?</summary>
    public LinearClassifier FollowUp { get; }

    private static LinearClassifier Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("HybridConversations.Routing." + name)
            ?? throw new InvalidOperationException($"The resource {name} is missing from the assembly. Train it with tools/train-router.");
        return LinearClassifier.Read(stream, name);
    }
}

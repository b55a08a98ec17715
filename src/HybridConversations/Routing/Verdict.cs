using System.Runtime.InteropServices;

namespace HybridConversations.Routing;

/// <summary>What stands after a policy.</summary>
/// <param name="Target">Where to.</param>
/// <param name="Score">Probability that the turn needs the cloud, as far as <paramref name="Policy"/> knows.</param>
/// <param name="Firmness">How much it takes to overturn it.</param>
/// <param name="Policy">Who said so; null before anyone has.</param>
/// <param name="Detail">What its sentence names, e.g. the words that were spoken.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Verdict(RouteTarget Target, double Score, Firmness Firmness, IRoutingPolicy? Policy, string? Detail = null)
{
    public bool IsOpen => Policy is null;
}

/// <summary>How firmly a verdict stands, the weakest first.</summary>
internal enum Firmness
{
    /// <summary>Nobody has said anything.</summary>
    Open,

    /// <summary>By likelihood: load and deadlines may overturn it.</summary>
    Judged,

    /// <summary>The person asked for it in words.</summary>
    Asked,

    /// <summary>The caller asked for it in the turn.</summary>
    Demanded,

    /// <summary>Nothing may overturn it.</summary>
    Private,
}

using System.Runtime.InteropServices;

namespace HybridConversations.Routing;

/// <summary>What a classifier says of a text.</summary>
/// <param name="Probability">0 to 1.</param>
/// <param name="Known">The share of its words that the classifier could judge, 0 to 1.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Judgement(double Probability, double Known);

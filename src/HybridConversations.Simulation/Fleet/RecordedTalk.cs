namespace HybridConversations.Simulation.Fleet;

/// <summary>A conversation as it was, to be held again.</summary>
/// <param name="BeginSeconds">When it began.</param>
/// <param name="Turns">One at least.</param>
public sealed record RecordedTalk(double BeginSeconds, IReadOnlyList<RecordedTurn> Turns);

namespace HybridConversations.Simulation.Measuring;

/// <summary>What a board did with a model.</summary>
/// <param name="Model">As its file names it.</param>
/// <param name="Backend">What computed, and on what.</param>
/// <param name="Answers">Alone, by length.</param>
/// <param name="Together">By replies at once.</param>
/// <param name="Before">The board before; null where it tells nothing.</param>
/// <param name="After">The board after.</param>
public sealed record BoardFigures(
    string Model, string Backend, IReadOnlyList<AnswerTime> Answers, IReadOnlyList<EngineThroughput> Together, MachineSensors? Before, MachineSensors? After);

namespace HybridConversations.Simulation.Fleet;

/// <summary>A turn as it was.</summary>
/// <param name="SaidTokens">What it added to the prompt.</param>
/// <param name="AnswerTokens">Of its answer.</param>
/// <param name="PauseSeconds">From the answer's end to the next turn.</param>
public sealed record RecordedTurn(int SaidTokens, int AnswerTokens, double PauseSeconds);

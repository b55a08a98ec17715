namespace HybridConversations.Inference.Engine;

/// <summary>The steps of the engine that computed something of a generation, so that one can be told from the other.</summary>
/// <param name="First">Number of the first one, counted from the engine's start; 0 when there was none.</param>
/// <param name="Last">Number of the last one.</param>
/// <param name="Reading">How many read its prompt.</param>
/// <param name="Writing">How many wrote its reply.</param>
public readonly record struct GenerationSteps(long First, long Last, int Reading, int Writing)
{
    internal GenerationSteps With(long step, bool writes) =>
        new(First == 0 ? step : First, step, writes ? Reading : Reading + 1, writes ? Writing + 1 : Writing);
}

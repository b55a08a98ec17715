namespace HybridConversations.Simulation.Catalogue;

/// <summary>What is computed where, and by what.</summary>
/// <param name="Device">The device in its power mode.</param>
/// <param name="Model">The model.</param>
/// <param name="Quantisation">Of its weights.</param>
/// <param name="Engine">E.g. <c>llama.cpp</c>.</param>
public sealed record Setup(DeviceSpec Device, ModelSpec Model, Quantisation Quantisation, string Engine)
{
    public override string ToString() => $"{Model.Id}-{Quantisation.Id} in {Engine} on {Device.FullId}";
}

/// <summary>A published measurement of decoding.</summary>
/// <param name="Setup">What was measured.</param>
/// <param name="Context">Tokens that each stream held, about.</param>
/// <param name="Streams">Replies at once.</param>
/// <param name="TokensPerSecond">Of all of them together.</param>
/// <param name="Source">Who published it.</param>
/// <param name="Doubt">Why nothing is fitted on it; null for a figure that is believed.</param>
public sealed record PublishedFigure(Setup Setup, int Context, int Streams, double TokensPerSecond, string Source, string? Doubt = null)
{
    public override string ToString() => $"{Setup}, {Streams} at once: {TokensPerSecond} tok/s ({Source})";
}

/// <summary>A published measurement of reading a prompt.</summary>
public sealed record ReadingFigure(Setup Setup, double TokensPerSecond, string Source);

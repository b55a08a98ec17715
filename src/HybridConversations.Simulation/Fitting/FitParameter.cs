namespace HybridConversations.Simulation.Fitting;

/// <summary>Something a model is fitted by: what is believed of its logarithm before any figure is seen.</summary>
/// <param name="Name">Unique.</param>
/// <param name="Mean">Mean of its logarithm.</param>
/// <param name="Deviation">Standard deviation of its logarithm.</param>
internal readonly record struct FitParameter(string Name, double Mean, double Deviation)
{
    /// <summary>A factor that is about <paramref name="value"/>.</summary>
    public static FitParameter About(string name, double value, double deviation) => new(name, Math.Log(value), deviation);
}

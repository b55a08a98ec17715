namespace HybridConversations.Simulation.Fleet;

/// <summary>Of a distribution.</summary>
public sealed record Percentiles(double P50, double P95, double P99)
{
    internal static Percentiles Of(List<float> values)
    {
        values.Sort();
        return new Percentiles(At(0.5), At(0.95), At(0.99));

        double At(double share) => values.Count == 0 ? 0 : values[(int)Math.Min(values.Count - 1, share * values.Count)];
    }
}

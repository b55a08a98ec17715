namespace HybridConversations.Simulation.Fleet;

/// <summary>Random numbers of a scenario.</summary>
internal sealed class Draws(int seed)
{
    /// <summary>For policies that want one; the same stream, so the same seed gives the same fleet.</summary>
    public Random Random { get; } = new(seed);

    public double Uniform() => Random.NextDouble();

    public bool Happens(double probability) => Random.NextDouble() < probability;

    public double Exponential(double mean) => -mean * Math.Log(1 - Random.NextDouble());

    /// <summary>1 and more.</summary>
    public int Geometric(double mean) => 1 + (mean <= 1 ? 0 : (int)(Math.Log(1 - Random.NextDouble()) / Math.Log(1 - (1 / mean))));

    /// <summary>A length: log-normal with that mean, from half to twice of it two times of three.</summary>
    public int Length(double mean, int most)
    {
        const double Spread = 0.6;
        var normal = Math.Sqrt(-2 * Math.Log(1 - Random.NextDouble())) * Math.Cos(2 * Math.PI * Random.NextDouble());
        return Math.Clamp((int)Math.Round(mean * Math.Exp((Spread * normal) - (Spread * Spread / 2))), 1, most);
    }
}

using HybridConversations.Fleet;

namespace HybridConversations.Simulation.Fleet;

/// <summary>What each silo knows when it places a turn: when it reported last and so heard of the others, and what it has sent since. Silos are devices, then gateways.</summary>
internal sealed class SiloEyes
{
    private readonly double[] _phase;
    private readonly SentTurns?[] _sent;
    private readonly TimeProvider _time;
    private readonly bool _counts;

    /// <param name="silos">Devices and gateways.</param>
    /// <param name="draws">When in a period each of them reports.</param>
    /// <param name="time">The simulation's clock.</param>
    /// <param name="counts">Do they count what they send?</param>
    public SiloEyes(int silos, Draws draws, TimeProvider time, bool counts)
    {
        _phase = [.. Enumerable.Range(0, silos).Select(_ => draws.Uniform())];
        _sent = new SentTurns?[silos];
        (_time, _counts) = (time, counts);
    }

    /// <summary>Seconds of its last report: a silo tells how it is and hears of the others once a second.</summary>
    public double HeardAt(int silo, double now) => Math.Max(0, Math.Floor(now - _phase[silo]) + _phase[silo]);

    /// <summary>Null where nothing is counted.</summary>
    public SentTurns? Sent(int silo) => _counts ? _sent[silo] ??= new SentTurns(_time) : null;
}

using HybridConversations.Fleet;
using HybridConversations.Simulation.Devices;

namespace HybridConversations.Simulation.Fleet;

/// <summary>
/// A discrete-event simulation of a fleet. What decides is what runs: each device is the real engine (SimulatedDevice), turns are routed by the real router, placed by the
/// real placement on reports as old as they really are, and reported by the real rule. What is drawn are people, networks, failures and the cloud.
/// One thread, no wall clock: the same scenario gives the same result.
/// </summary>
public sealed partial class FleetSimulation
{
    private const double ReportSeconds = 1;
    private const double DetectSeconds = 6; // three probes, two seconds apart
    private const double CloudFirstTokenSeconds = 0.6;
    private const double CloudTokensPerSecond = 60;
    private const int StreamBatchTokens = 1; // a stream that is paced by tokens costs a message a token : Orleans batches only what is ready at once
    private const int ToolCallTokens = 20;
    private const int ToolResultTokens = 60;
    private const double ToolSeconds = 0.3;
    private readonly FleetScenario _scenario;
    private readonly Draws _draws;
    private readonly SaidTexts _texts = new();
    private readonly SimulatedDevice[] _devices;
    private readonly DeviceClock _clock = new();
    private readonly double[] _lookedAt;
    private readonly int _gateways;
    private readonly int _window;
    private readonly SiloEyes _eyes;
    private readonly ReportBook _reports;
    private readonly Tally _tally;
    private readonly PlacementOptions _placement;
    private readonly PriorityQueue<Event, (double At, long Number)> _events = new();
    private readonly Dictionary<int, Talk> _talks = [];
    private readonly int[] _system;
    private long _number;
    private int _nextToken = 1 << 20;
    private int _begun;

    private FleetSimulation(FleetScenario scenario)
    {
        _scenario = scenario;
        _draws = new Draws(scenario.Seed);
        _tally = new Tally(scenario);
        _devices = [.. scenario.Shapes.Select((shape, i) => new SimulatedDevice($"d{i}", shape))];
        _window = scenario.Shapes.Min(shape => shape.Cells) / 2;
        _lookedAt = new double[_devices.Length];
        _gateways = scenario.Gateways > 0 ? scenario.Gateways : Math.Max(1, _devices.Length / 100);
        _eyes = new SiloEyes(_devices.Length + _gateways, _draws, _clock, scenario.CountSent);
        _reports = new ReportBook(_devices);
        _placement = new PlacementOptions(TimeSpan.FromSeconds(1), scenario.LookAt);
        _system = [.. Enumerable.Range(1000, scenario.SystemTokens)];
    }

    private enum What
    {
        Begins,
        Speaks,
        Arrives,
        Steps,
        BargesIn,
        Looks,
        Fails,
        IsFoundDead,
        Returns,
    }

    /// <summary>Runs a scenario to the end of its last conversation.</summary>
    /// <exception cref="ArgumentException">A number of the scenario is out of range.</exception>
    public static FleetResult Run(FleetScenario scenario, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        if (scenario.Shapes.Count is < 1 or > 100_000 || scenario.Conversations is < 1 or > 100_000_000 || scenario.Hours is <= 0 or > 1000)
        {
            throw new ArgumentException("1 to 100000 devices, 1 to 100000000 conversations and up to 1000 hours are allowed.", nameof(scenario));
        }

        return new FleetSimulation(scenario).Run(cancellationToken);
    }

    private FleetResult Run(CancellationToken cancellationToken)
    {
        var seconds = _scenario.Hours * 3600;
        Schedule(NextBeginning(0), What.Begins, 0, 0);
        var failing = (int)Math.Round(_scenario.FailShare * _devices.Length);
        foreach (var device in Enumerable.Range(0, _devices.Length).OrderBy(_ => _draws.Random.Next()).Take(failing))
        {
            Schedule(_scenario.FailAt * seconds, What.Fails, device, 0);
        }

        var now = 0.0;
        for (var n = 0L; _events.TryDequeue(out var next, out var key); n++)
        {
            _clock.Seconds = now = key.At;
            Handle(next, now);
            if (n % 100_000 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        // A device that had no news reported once a period all the same.
        var ended = Math.Max(now, seconds);
        foreach (var device in _devices)
        {
            device.Dispose();
        }

        return _tally.Result([.. _devices.Select(device => device.BusyMs)], _reports.News + (long)(ended / ReportSeconds * (_devices.Length + _gateways)), ended);
    }

    private void Handle(Event next, double now)
    {
        switch (next.What)
        {
            case What.Begins:
                Begin(now);
                break;
            case What.Speaks when _talks.TryGetValue(next.Who, out var talk) && talk.Part == next.Part:
                Speak(talk, now);
                break;
            case What.Arrives when _talks.TryGetValue(next.Who, out var talk) && talk.Part == next.Part:
                Arrive(talk, now);
                break;
            case What.Steps:
                Step(next.Who, now);
                break;
            case What.BargesIn when _talks.TryGetValue(next.Who, out var talk) && talk.Part == next.Part:
                _tally.BargeIns++;
                talk.Generation?.Cancel();
                break;
            case What.Looks:
                Look(next.Who, now);
                break;
            case What.Fails:
                Fail(next.Who, now);
                break;
            case What.IsFoundDead:
                FindDead(next.Who, now);
                break;
            case What.Returns:
                _devices[next.Who].Revive(now);
                _reports.Return(next.Who);
                _reports.Report(next.Who, _devices[next.Who].Status(), now, isNews: true);
                break;
        }
    }

    private void Schedule(double at, What what, int who, int part) => _events.Enqueue(new Event(what, who, part), (at, _number++));

    private readonly record struct Event(What What, int Who, int Part);
}

namespace HybridConversations.Simulation.Fleet;

/// <summary>Counts what happens.</summary>
internal sealed class Tally(FleetScenario scenario)
{
    private const int Parts = 60;
    private readonly List<float> _firstToken = [];
    private readonly List<float> _answer = [];
    private readonly List<float> _queued = [];
    private readonly List<float>[] _firstTokenBy = [.. Enumerable.Range(0, Parts).Select(_ => new List<float>())];
    private readonly int[] _within = new int[Parts];
    private readonly double _seconds = scenario.Hours * 3600;

    public long Turns { get; set; }
    public long Cloud { get; set; }
    public long Refused { get; set; }
    public long Retried { get; set; }
    public long BargeIns { get; set; }
    public long Placed { get; set; }
    public long Stayed { get; set; }
    public long TurnCalls { get; set; }
    public long RedisWrites { get; set; }
    public long Sent { get; set; }
    public long Got { get; set; }
    public long Resident { get; private set; }
    public long Parked { get; private set; }
    public long Snapshot { get; private set; }
    public long Shared { get; private set; }
    public long Read { get; private set; }

    /// <summary>A local answer that nobody interrupted, or the heard part of one.</summary>
    public void Answered(double spokenAt, double firstMs, double totalMs, double queuedMs, TokenUsage usage)
    {
        const int Spoken = 50;
        var perToken = usage.CompletionTokens > 1 ? (totalMs - firstMs) / (usage.CompletionTokens - 1) : 0;
        var answer = firstMs + (perToken * (Math.Min(Spoken, usage.CompletionTokens) - 1));
        _firstToken.Add((float)firstMs);
        _answer.Add((float)answer);
        _queued.Add((float)queuedMs);
        var part = (int)Math.Clamp(spokenAt / _seconds * Parts, 0, Parts - 1);
        _firstTokenBy[part].Add((float)firstMs);
        _within[part] += answer <= scenario.BudgetSeconds * 1000 ? 1 : 0;
    }

    public void Reused(TokenUsage usage)
    {
        if (usage.Reused is { } reused)
        {
            Resident += reused.Resident;
            Parked += reused.Parked;
            Snapshot += reused.Snapshot;
            Shared += reused.SharedPrefix;
        }

        Read += usage.ReadTokens;
    }

    public FleetResult Result(IReadOnlyCollection<double> busyMs, long reports, double ended)
    {
        var answered = _answer.Count;
        var within = _within.Sum();
        var timeline = _firstTokenBy.Select((values, part) => new TimePoint(
            (part + 0.5) / Parts * scenario.Hours, Percentiles.Of(values).P95, values.Count == 0 ? 1 : (double)_within[part] / values.Count, values.Count / (_seconds / Parts))).ToList();
        return new FleetResult
        {
            Scenario = scenario,
            Turns = Turns,
            Local = answered,
            Cloud = Cloud,
            Refused = Refused,
            Retried = Retried,
            BargeIns = BargeIns,
            FirstTokenMs = Percentiles.Of(_firstToken),
            AnswerMs = Percentiles.Of(_answer),
            QueuedMs = Percentiles.Of(_queued),
            WithinBudget = answered == 0 ? 1 : (double)within / answered,
            Utilisation = busyMs.Average() / (ended * 1000),
            BusiestDevice = busyMs.Max() / (ended * 1000),
            Stayed = Placed == 0 ? 1 : (double)Stayed / Placed,
            Prompt = new PromptTokens(Resident, Parked, Snapshot, Shared, Read),
            Messages = new Messages(reports / ended, reports / ended * HybridConversations.Fleet.SampleSize.Of(busyMs.Count), TurnCalls / ended, RedisWrites / ended),
            CloudTokensSent = Sent,
            CloudTokensGot = Got,
            Timeline = timeline,
        };
    }
}

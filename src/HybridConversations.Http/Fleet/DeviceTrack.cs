namespace HybridConversations.Http.Fleet;

/// <summary>One device over the last minutes. Belongs to <see cref="FleetWatch"/>, under its lock.</summary>
internal sealed class DeviceTrack
{
    private readonly DeviceSample[] _samples = new DeviceSample[FleetWatch.Kept];
    private int _count;

    public DeviceTrack(DeviceStatus status, DateTimeOffset at)
    {
        Status = status;
        At = at;
        Condition = DeviceCondition.Of(status, null);
        Since = Condition.Word == "serving" && status.StartedAt > DateTimeOffset.UnixEpoch ? status.StartedAt : at;
        Add(DeviceSample.Of(status, at, null, at));
    }

    public DeviceStatus Status { get; private set; }
    public DeviceCondition Condition { get; private set; }

    /// <summary>Since when it has been in this condition, as far as was seen from here.</summary>
    public DateTimeOffset Since { get; private set; }

    /// <summary>When it was last seen.</summary>
    public DateTimeOffset At { get; private set; }

    public bool IsThere { get; private set; } = true;
    public DeviceSample Newest => _samples[(_count - 1) % _samples.Length];

    public void Seen(DeviceStatus status, DateTimeOffset at)
    {
        Change(DeviceCondition.Of(status, IsThere ? Status : null), at);
        Add(DeviceSample.Of(status, at, IsThere ? Status : null, At));
        (Status, At, IsThere) = (status, at, true);
    }

    public void Missed(DateTimeOffset at)
    {
        if (IsThere)
        {
            Change(Condition.Gone(), at);
            IsThere = false;
        }
    }

    public WatchedDevice Look() => new(
        Status.DeviceId, Condition.Word, Condition.Why, Since, At, Newest.TokensPerSecond is { } rate && IsThere ? Math.Round(rate, 1) : null,
        Newest.ReadPerSecond is { } read && IsThere ? Math.Round(read, 1) : null, Status);

    /// <summary>Its samples since a time, in at most <paramref name="points"/> points of equal length.</summary>
    public DeviceSeries From(DateTimeOffset since, int points, IReadOnlyCollection<string> names)
    {
        var first = Math.Max(0, _count - _samples.Length);
        var chosen = Enumerable.Range(first, _count - first).Select(i => _samples[i % _samples.Length]).Where(sample => sample.At >= since).ToList();
        var buckets = chosen.Count <= points ? chosen.ConvertAll(sample => (DeviceSample[])[sample]) : [.. chosen.Chunk((chosen.Count + points - 1) / points)];
        return new DeviceSeries(Status.DeviceId, buckets.ConvertAll(bucket => bucket[^1].At.ToUnixTimeSeconds()), names.ToDictionary(name => name, name =>
        {
            var (value, isPeak) = DeviceSample.Series[name];
            return (IReadOnlyList<double?>)buckets.ConvertAll(bucket =>
            {
                var known = bucket.Select(value).Where(number => number is not null).ToList();
                return known.Count == 0 ? null : (double?)Math.Round((isPeak ? known.Max() : known.Average())!.Value, 2);
            });
        }));
    }

    private void Change(DeviceCondition condition, DateTimeOffset at)
    {
        if (condition.Word != Condition.Word)
        {
            Since = at;
        }

        Condition = condition;
    }

    private void Add(DeviceSample sample) => _samples[_count++ % _samples.Length] = sample;
}

using HybridConversations.Storage;

namespace HybridConversations.Browser.Tests;

/// <summary>Devices and conversations to look at.</summary>
internal static class Sample
{
    private static readonly string[] Questions =
        ["Turn the light in the kitchen on", "What does the weather do tomorrow in Lübeck?", "Write a haiku about a bridge", "How do I descale a kettle?", "Remind me to call Ada at noon"];

    public static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    public static DeviceStatus Device(string id, DeviceState state = DeviceState.Ready, int running = 2, int waiting = 0, int cells = 6200, long generated = 120_000) => new()
    {
        DeviceId = id,
        State = state,
        Model = new ModelStatus("llama-3.2-3b-instruct", new string('a', 64), "llama 3B Q4_K_M", 2_019_377_696, 131_072),
        Load = new DeviceLoad(running, waiting, 256, 9, 33, cells, 16_384, 0),
        Profile = new DeviceProfile(37, 610, 27),
        Work = new DeviceWork(generated, 3_400_000, 98_000, 4000, 2600, 2100, 34, 5, 1, 2_900_000),
        Recent = new RecentReplies(14, 240 + cells / 100, 610 + cells / 50, 38, 55),
        Tiers = new KvTierStatus(21, 310L << 20, 420L << 20),
        Sensors = new MachineSensors(58.5 + running, 14.2, waiting > 0),
        StartedAt = Now.AddHours(-3),
    };

    public static IReadOnlyList<DeviceStatus> Fleet(int count) => [.. Enumerable.Range(1, count).Select(i => i switch
    {
        5 => Device($"jetson-{i}", DeviceState.Draining, running: 1),
        6 => Device($"jetson-{i}", DeviceState.Draining, running: 0),
        7 => Device($"jetson-{i}", DeviceState.Failed, running: 0),
        9 => Device($"jetson-{i}", running: 16, waiting: 12, cells: 15_900),
        _ => Device($"jetson-{i}", running: i % 5, cells: 300 * (i % 40)),
    })];

    /// <summary>Writes so many conversations of two turns each; the first is the newest.</summary>
    public static async Task Write(IConversationStore store, int count) => await Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
    {
        var id = $"room-{i:0000}";
        var log = store.Open(id);
        for (var sequence = 1; sequence <= 2; sequence++)
        {
            var at = Now.AddMinutes(-7 * i).AddSeconds(sequence);
            await log.Append(Turn(sequence, $"{Questions[i % Questions.Length]} ({i})", $"Reply {sequence} of conversation {i}: done as you asked.", at) with { AnsweredBy = $"jetson-{1 + (i % 3)}" },
                new ConversationHead { Id = id, Turns = sequence, LastSequence = sequence, UpdatedAt = at, Kv = new KvReference($"jetson-{1 + (i % 3)}", "hash", 180) });
        }
    }));

    public static TurnRecord Turn(long sequence, string user, string reply, DateTimeOffset at) => new()
    {
        Sequence = sequence,
        TurnId = $"turn-{sequence}",
        User = user,
        Reply = reply,
        State = TurnState.Completed,
        Route = RouteTarget.Local,
        RouteReason = "Nothing in it needs the cloud.",
        RoutePolicy = "classifier",
        RouteScore = 0.08,
        AnsweredBy = "jetson-1",
        FinishReason = FinishReason.Stop,
        Usage = new TokenUsage(180, 22, 150, 30, new ReusedTokens(Resident: 150)),
        Timings = new TurnTimings(210, 830, 12),
        StartedAt = at,
        EndedAt = at.AddSeconds(0.83),
    };
}

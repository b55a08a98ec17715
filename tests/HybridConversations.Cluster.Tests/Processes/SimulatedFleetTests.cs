using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using HybridConversations.Client;
using HybridConversations.Client.Wire;
using HybridConversations.Simulation.Devices;
using HybridConversations.Simulation.Fleet;
using Xunit.Abstractions;

namespace HybridConversations.Cluster.Tests.Processes;

/// <summary>
/// The simulator beside a real run: three devices and a gateway answer, what was said is put on record and is said again in the simulator, whose devices have the speed that the
/// real ones measured of themselves meanwhile. What is counted must agree; times, and which device had most to do, are told: they are those of a machine that others share.
/// </summary>
public sealed class SimulatedFleetTests(ITestOutputHelper output)
{
    private const int Conversations = 16;
    private const int Turns = 4;
    // The goal is 0.15. Where a dozen conversations land is partly chance, and with it how often a beginning is shared.
    private const double Margin = 0.3;

    private static readonly string[] Said =
    [
        "My name is Ada and I live by the sea.", "What could I cook with eggs and spinach this evening?", "Tell me something about the moon.", "And why is that so?",
        "How many days has a leap year?", "Say that again in other words.", "What is a good name for a grey cat?", "Thank you, and good night.",
    ];

    [SkippableFact]
    public async Task A_recorded_run_of_three_processes_comes_out_of_the_simulator()
    {
        using var redis = await RedisServer.Start();
        var data = Directory.CreateTempSubdirectory("hc-simulated-");
        try
        {
            string[] names = ["jetson-1", "jetson-2", "jetson-3"];
            var devices = names.Select(name => SiloProcess.Launch(name, true, redis, Path.Combine(data.FullName, name))).ToList();
            await using var gateway = SiloProcess.Launch("gateway", false, redis, Path.Combine(data.FullName, "gateway"));
            try
            {
                await Task.WhenAll(devices.Append(gateway).Select(process => process.Ready()));
                using var http = HttpConversations.CreateClient(gateway.Url);
                var real = await Talk(new HttpConversations(http));
                var view = JsonSerializer.Deserialize(await http.GetStringAsync(new Uri("/fleet", UriKind.Relative)), WireJson.Answers.FleetView)!;
                Compare(real, Simulate(real, view));
            }
            finally
            {
                foreach (var device in devices)
                {
                    await device.DisposeAsync();
                }
            }
        }
        finally
        {
            data.Delete(true);
        }
    }

    /// <summary>People begin one after the other, pause, and go on; each always says the same.</summary>
    private static async Task<IReadOnlyList<RealTalk>> Talk(HttpConversations conversations)
    {
        var started = Stopwatch.GetTimestamp();
        var talks = new ConcurrentBag<RealTalk>();
        await Task.WhenAll(Enumerable.Range(0, Conversations).Select(async i =>
        {
            await Task.Delay(TimeSpan.FromSeconds(0.4 * i));
            var turns = new List<RealTurn>();
            var begun = Stopwatch.GetElapsedTime(started).TotalSeconds;
            for (var n = 0; n < Turns; n++)
            {
                var pause = 0.3 + (0.1 * ((i + n) % 7));
                var turn = new Turn { TurnId = $"{n}", Text = Said[(i + (3 * n)) % Said.Length], Priority = TurnPriority.Voice, Sampling = new SamplingOptions { MaxTokens = 12 + (4 * (i % 4)), Temperature = 0, IgnoreEnd = true } };
                var end = Assert.IsType<ReplyCompleted>((await conversations.Get($"person-{i}").All(turn, TimeSpan.FromSeconds(100)))[^1]);
                turns.Add(new RealTurn("", end.Usage, end.Timings, pause));
                await Task.Delay(TimeSpan.FromSeconds(pause));
            }

            var history = await conversations.Get($"person-{i}").History();
            talks.Add(new RealTalk(i, begun, [.. turns.Select((turn, n) => turn with { AnsweredBy = history[n].AnsweredBy! })]));
        }));
        return [.. talks.OrderBy(talk => talk.Number)];
    }

    private static FleetResult Simulate(IReadOnlyList<RealTalk> real, FleetView view)
    {
        var profiles = view.Devices.Select(device => device.Profile).OfType<DeviceProfile>().ToList();
        var (step, read) = (profiles.Average(profile => profile.StepMs), profiles.Average(profile => 1000 / profile.PrefillTokensPerSecond));

        // What all begin with was there when the second conversation of a device began.
        var system = real.Max(talk => talk.Turns[0].Usage.Reused!.SharedPrefix);
        var time = new StepTime((rows, _) => step * (1 + (0.2 * Math.Log2(rows))), read, 16);
        return FleetSimulation.Run(new FleetScenario
        {
            Device = new DeviceShape(time, view.Devices[0].Load.KvCells, 100_000, 1_000_000),
            Devices = view.Devices.Count,
            Gateways = 1,
            Conversations = real.Count,
            Hours = 0.05,
            SystemTokens = system,
            NetworkMs = 0,
            Cloud = false,
            Recorded = [.. real.Select(talk => new RecordedTalk(talk.BeginSeconds, [.. talk.Turns.Select((turn, n) => new RecordedTurn(
                n == 0 ? turn.Usage.PromptTokens - system : turn.Usage.PromptTokens - talk.Turns[n - 1].Usage.PromptTokens - talk.Turns[n - 1].Usage.CompletionTokens,
                turn.Usage.CompletionTokens, turn.PauseSeconds))]))],
        });
    }

    private void Compare(IReadOnlyList<RealTalk> real, FleetResult simulated)
    {
        var turns = real.SelectMany(talk => talk.Turns).ToList();
        var stayed = (double)real.Sum(talk => talk.Turns.Skip(1).Where((turn, n) => turn.AnsweredBy == talk.Turns[n].AnsweredBy).Count()) / (turns.Count - real.Count);
        var readShare = (double)turns.Sum(turn => turn.Usage.ReadTokens) / turns.Sum(turn => turn.Usage.PromptTokens);
        var simulatedRead = (double)simulated.Prompt.Read / simulated.Prompt.All;
        var busiest = (double)turns.GroupBy(turn => turn.AnsweredBy).Max(device => device.Count()) / turns.Count;
        double[] first = [.. turns.Select(turn => turn.Timings.FirstTokenMs).Order()];
        Tell($"{turns.Count} turns                  real   simulated");
        Tell($"first token p50, ms       {first[first.Length / 2],6:0} {simulated.FirstTokenMs.P50,10:0}");
        Tell($"first token p95, ms       {first[(int)(0.95 * first.Length)],6:0} {simulated.FirstTokenMs.P95,10:0}");
        Tell($"later turns that stayed   {stayed,6:P0} {simulated.Stayed,10:P0}");
        Tell($"prompt tokens read        {readShare,6:P1} {simulatedRead,10:P1}");
        Tell($"busiest device's turns    {busiest,6:P0} {simulated.BusiestTurns,10:P0}");

        Assert.Equal(turns.Count, simulated.Local);
        Assert.InRange(simulated.Stayed, stayed - Margin, stayed + Margin);
        Assert.InRange(simulatedRead, readShare * (1 - Margin), readShare * (1 + Margin));

        void Tell(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
    }

    private sealed record RealTurn(string AnsweredBy, TokenUsage Usage, TurnTimings Timings, double PauseSeconds);

    private sealed record RealTalk(int Number, double BeginSeconds, IReadOnlyList<RealTurn> Turns);
}

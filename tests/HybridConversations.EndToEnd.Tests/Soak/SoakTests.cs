using System.Globalization;
using System.Text.Json.Nodes;
using HybridConversations.Tests.Common;
using Xunit.Abstractions;

namespace HybridConversations.EndToEnd.Tests.Soak;

/// <summary>
/// Random turns, cancels, barge-ins, drafts and restarts on a real server with little room. <c>HC_SOAK_MINUTES</c>, <c>HC_SOAK_TALKERS</c> and <c>HC_SOAK_PARKED_MB</c> make it long and
/// wide (docs/engine.md); by default it takes half a minute.
/// </summary>
public sealed class SoakTests(ITestOutputHelper output) : IDisposable
{
    private static readonly int Talkers = (int)Number("HC_SOAK_TALKERS", 10, 1, 1000);
    private static readonly int ParkedMegabytes = (int)Number("HC_SOAK_PARKED_MB", 16, 0, 1 << 20);
    private readonly string _data = Directory.CreateTempSubdirectory("hc-soak-").FullName;

    private static TimeSpan Duration { get; } = TimeSpan.FromMinutes(Number("HC_SOAK_MINUTES", 0.4, 0.1, 24 * 60));

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Nobody_is_mixed_up_nothing_is_lost_and_nothing_grows()
    {
        using var stop = new CancellationTokenSource();
        await using var server = new SoakServer(_data, "--parallel", "4", "--context", "2048", "--parked-mb", $"{ParkedMegabytes}", "--snapshot-mb", "32");
        await server.Start();
        var tally = new SoakTally();
        var talkers = Enumerable.Range(0, Talkers).Select(i => Task.Run(() => new SoakTalker(server, i, tally, stop.Token).Run())).ToArray();

        // The first third with restarts, every other one a power cut; then one server lives on, and is watched.
        var restarts = Math.Max(2, (int)(Duration.TotalMinutes / 3));
        for (var i = 0; i < restarts; i++)
        {
            await UntilFailed(server, talkers, Duration / 3 / restarts);
            await server.Restart(kill: i % 2 == 0);
        }

        var process = (await server.Current).Id;
        var samples = new List<ProcessSample>();
        var hostBytes = 0L;
        for (var i = 0; i < 60; i++)
        {
            await UntilFailed(server, talkers, Duration * 2 / 3 / 60);
            if (ProcessSample.Of(process) is { } sample)
            {
                samples.Add(sample);
            }

            hostBytes = Math.Max(hostBytes, await HostBytes(await server.Current));
        }

        await stop.CancelAsync();
        await Task.WhenAll(talkers.Select(talker => talker.ContinueWith(ended => Assert.True(ended.IsCanceled || ended.IsCompletedSuccessfully, ended.Exception?.ToString()), TaskScheduler.Default)));
        Report(tally, server.Restarts, samples, hostBytes);
        Assert.Equal(0, await (await server.Current).Stop());
        Assert.Empty(tally.MixedUp);
        Assert.True(tally.Questions > 0 && tally.Turns > Talkers, $"Too little happened: {tally}");
        Assert.True(tally.Recall >= 0.8, $"{tally.Recall:P0} of the codes were recalled; the model alone recalls more than nine of ten.");
    }

    private static double Number(string variable, double usual, double least, double most) =>
        double.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? Math.Clamp(number, least, most) : usual;

    private async Task UntilFailed(SoakServer server, Task[] talkers, TimeSpan time)
    {
        if (await Task.WhenAny(Task.WhenAny(talkers), Task.Delay(time)) is Task<Task> failed)
        {
            var current = await server.Current;
            await current.Kill();
            output.WriteLine($"What the server said:\n{await current.Errors}");
            await await failed;
        }
    }

    /// <summary>Host memory for KV, as the server tells.</summary>
    private static async Task<long> HostBytes(ServerProcess server)
    {
        var fleet = await server.Http.GetStringAsync("fleet");
        return JsonNode.Parse(fleet)!["devices"]![0]!["tiers"]!["hostBytes"]!.GetValue<long>();
    }

    private void Report(SoakTally tally, int restarts, List<ProcessSample> samples, long hostBytes)
    {
        Assert.True(hostBytes <= (long)ParkedMegabytes << 20, $"--parked-mb {ParkedMegabytes}, and {hostBytes} bytes of host memory were held for KV.");
        if (samples.Count < 10)
        {
            output.WriteLine($"Soak: {tally}; nothing was measured here (no /proc).");
            return;
        }

        // The first fifth is the time in which caches fill up to their limits.
        var (from, tenth) = (samples.Count / 5, Math.Max(3, samples.Count / 10));
        var start = ProcessSample.Median(samples[from..(from + tenth)]);
        var middle = ProcessSample.Median(samples[(samples.Count * 6 / 10)..((samples.Count * 6 / 10) + tenth)]);
        var end = ProcessSample.Median(samples[^tenth..]);
        var summary = $"Soak of {Duration}, {Talkers} at once, --parked-mb {ParkedMegabytes} (at most {hostBytes / 1048576.0:0.0} MiB held): {tally}; {restarts} restarts; start {start}; middle {middle}; end {end}";
        output.WriteLine(summary);
        var folder = Directory.CreateDirectory(Path.Combine(RepositoryFiles.Root, "artifacts")).FullName;
        File.AppendAllText(Path.Combine(folder, "soak.log"), $"{DateTimeOffset.UtcNow:u} {summary}\n");

        // A run of half a minute is still filling caches: only a leak of megabytes a second would show.
        var allowed = Duration < TimeSpan.FromMinutes(5) ? 128 : 0.1 * middle.ResidentMegabytes;
        Assert.True(end.ResidentMegabytes <= middle.ResidentMegabytes + allowed, $"Memory grows. {summary}");
        Assert.True(end.Handles <= middle.Handles + 16, $"Handles grow. {summary}");
        Assert.True(end.Threads <= middle.Threads + 8, $"Threads grow. {summary}");
    }
}

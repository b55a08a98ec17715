using System.Net;
using System.Net.Sockets;
using HybridConversations.Bench.Reports;
using HybridConversations.Bench.Tests.Peer;

namespace HybridConversations.Bench.Tests.Scenarios;

/// <summary>On real processes that are really killed.</summary>
public sealed class RestartScenarioTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hc-bench-restart-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_server_that_kept_its_state_reads_only_what_is_new_after_it_was_killed()
    {
        var (a, startA) = Command(PeerKind.HybridConversations, "a");
        var (b, startB) = Command(PeerKind.LlamaServer, "b");
        var output = new StringWriter();
        var file = Path.Combine(_folder.FullName, "report.json");
        var options = new BenchOptions
        {
            Scenarios = ["restart"],
            Url = a,
            Start = startA,
            Against = b,
            StartAgainst = startB,
            Runs = 1,
            Out = file,
            Sizes = BenchSizes.Parse(["history=200", "turn=8", "turn-tokens=4", "restart-conversations=3", "settle-ms=0"], []),
        };

        var code = await new LoadBenchmark(options, output, TextWriter.Null, terminal: false).Run(CancellationToken.None);

        Assert.True(code == LoadBenchmark.Done, output.ToString());
        var runs = ReportFile.FromJson(await File.ReadAllTextAsync(file)).Scenarios.Single().Runs;
        Assert.Equal(["A", "B"], runs.Select(run => run.Target));
        foreach (var run in runs)
        {
            Assert.Equal(8 + 4, run.Figures.Single(figure => figure.Name == "tokens read again").Value);
            Assert.Equal(3, run.Replies.Count(reply => reply.Role == "after restart"));
            Assert.True(run.Figures.Single(figure => figure.Name == "ready after the start").Value > 0);
        }

        Assert.DoesNotContain(runs[0].Figures, figure => figure.Name == "of which restoring a slot");
        Assert.Equal(3, runs[1].Figures.Single(figure => figure.Name == "of which restoring a slot").Samples);
        Assert.False(await Answers(a), "A still runs.");
        Assert.False(await Answers(b), "B still runs.");
    }

    [Fact]
    public async Task A_server_that_was_not_started_here_is_not_killed()
    {
        await using var server = await PeerServer.Start();
        var output = new StringWriter();

        var code = await new LoadBenchmark(
            new BenchOptions { Scenarios = ["restart"], Url = server.Url, Runs = 1 }, output, TextWriter.Null, terminal: false).Run(CancellationToken.None);

        Assert.Equal(LoadBenchmark.Done, code);
        Assert.Contains("A is left out: the server must be killed: give its command with --start", output.ToString());
    }

    [Fact]
    public async Task A_command_that_ends_at_once_is_an_error_with_its_last_words()
    {
        var output = new StringWriter();
        var options = new BenchOptions { Scenarios = ["decode-1"], Url = Free(), Start = "echo no such model >&2; exit 3" };

        Assert.Equal(LoadBenchmark.Failed, await new LoadBenchmark(options, output, TextWriter.Null, terminal: false).Run(CancellationToken.None));
        Assert.Contains("ended with 3", output.ToString());
        Assert.Contains("no such model", output.ToString());
    }

    [Fact]
    public async Task Where_another_server_answers_nothing_is_started()
    {
        await using var server = await PeerServer.Start();
        var output = new StringWriter();
        var marker = Path.Combine(_folder.FullName, "started");

        var code = await new LoadBenchmark(
            new BenchOptions { Scenarios = ["decode-1"], Url = server.Url, Start = $"touch {marker}" }, output, TextWriter.Null, terminal: false).Run(CancellationToken.None);

        Assert.Equal(LoadBenchmark.Failed, code);
        Assert.Contains("answers at", output.ToString());
        Assert.False(File.Exists(marker));
    }

    private (Uri Url, string Command) Command(PeerKind kind, string name)
    {
        var url = Free();
        var folder = _folder.CreateSubdirectory(name).FullName;
        return (url, $"'{Environment.ProcessPath}' exec '{typeof(PeerServer).Assembly.Location}' {url.Port} {kind} '{folder}'");
    }

    private static Uri Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
    }

    private static async Task<bool> Answers(Uri url)
    {
        using var http = new HttpClient();
        try
        {
            using var response = await http.GetAsync(url);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

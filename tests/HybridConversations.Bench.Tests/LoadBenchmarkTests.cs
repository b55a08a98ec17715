using System.Text;
using System.Xml.Linq;
using HybridConversations.Bench.Http;
using HybridConversations.Bench.Reports;
using HybridConversations.Bench.Tests.Peer;

namespace HybridConversations.Bench.Tests;

public sealed class LoadBenchmarkTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hc-bench-");
    private readonly StringWriter _output = new();

    private string Json => Path.Combine(_folder.FullName, "report.json");

    private string Plot => Path.Combine(_folder.FullName, "plot.svg");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Two_servers_get_the_same_prompts_in_turn_and_everything_is_written()
    {
        await using var a = await PeerServer.Start(new PeerOptions { Gap = TimeSpan.FromMilliseconds(1), Kind = PeerKind.HybridConversations });
        await using var b = await PeerServer.Start(new PeerOptions { Gap = TimeSpan.FromMilliseconds(1), Kind = PeerKind.LlamaServer });
        var options = new BenchOptions
        {
            Scenarios = ["decode-2", "mixed"],
            Url = a.Url,
            Against = b.Url,
            Key = "s3cret",
            Out = Json,
            Plot = Plot,
            Sizes = BenchSizes.Parse(["decode-tokens=6", "decode-replies=2", "mixed-seconds=1", "voices=2", "voice-tokens=6", "long-prompt=200"], []),
            CommandLine = ["hc", "bench", "--key", "s3cret", "--start", "serve 'x'"],
        };

        var code = await new LoadBenchmark(options, _output, TextWriter.Null, terminal: false).Run(CancellationToken.None);

        Assert.Equal(LoadBenchmark.Done, code);
        var text = await File.ReadAllTextAsync(Json);
        Assert.DoesNotContain("s3cret", text);
        var report = ReportFile.FromJson(text);
        Assert.Equal("hc bench --key *** --start 'serve '\\''x'\\'''", report.CommandLine);
        Assert.Equal([TargetKind.HybridConversations, TargetKind.LlamaServer], report.Targets.Select(target => target.Kind));
        Assert.All(report.Targets, target => Assert.Equal("words.gguf", target.Model));
        foreach (var scenario in report.Scenarios)
        {
            Assert.Equal(["1A", "1B", "2B", "2A", "3A", "3B"], scenario.Runs.Select(run => $"{run.Run}{run.Target}"));
            Assert.All(scenario.Runs, run => Assert.Null(run.Error));
            Assert.All(scenario.Summary.Where(figure => figure.Name != "errors"), figure => Assert.Equal(figure.A / figure.B, figure.Ratio));
        }

        Assert.Equal(Decoded(a), Decoded(b));
        Assert.All(report.Scenarios[0].Runs.SelectMany(run => run.Replies), reply => Assert.Equal(5, reply.GapsMs.Count));
        CheckPlot(report);
        Assert.Contains("decode-2: 2 streams at once", _output.ToString());
        Assert.Contains("A / B", _output.ToString());
    }

    [Fact]
    public async Task Stopped_it_still_writes_what_it_has()
    {
        await using var server = await PeerServer.Start(new PeerOptions { Gap = TimeSpan.FromMilliseconds(1) });
        using var stop = new CancellationTokenSource();
        var options = new BenchOptions
        {
            Scenarios = ["decode-1", "decode-2"],
            Url = server.Url,
            Runs = 2,
            Out = Json,
            Sizes = BenchSizes.Parse(["decode-tokens=4", "decode-replies=2"], []),
        };

        // In the middle of the second scenario's second run.
        var progress = new Watching(line => line.Contains("decode-2, run 2 of 2"), stop.Cancel);
        var code = await new LoadBenchmark(options, _output, progress, terminal: false).Run(stop.Token);

        Assert.Equal(LoadBenchmark.Stopped, code);
        var report = ReportFile.FromJson(await File.ReadAllTextAsync(Json));
        Assert.True(report.Cancelled);
        Assert.Equal(2, report.Scenarios[0].Runs.Count);
        Assert.Equal(1, Assert.Single(report.Scenarios[1].Runs).Run);
        Assert.NotEmpty(report.Scenarios[1].Summary);
        Assert.Contains("Stopped before its end", _output.ToString());
    }

    [Fact]
    public async Task Nothing_at_the_address_is_one_clear_line()
    {
        Uri gone;
        await using (var server = await PeerServer.Start())
        {
            gone = server.Url;
        }

        var code = await new LoadBenchmark(new BenchOptions { Url = gone, Out = Json }, _output, TextWriter.Null, terminal: false).Run(CancellationToken.None);

        Assert.Equal(LoadBenchmark.Failed, code);
        Assert.Contains($"! No server is ready at A ({gone}).", _output.ToString());
        Assert.NotNull(ReportFile.FromJson(await File.ReadAllTextAsync(Json)).Error);
    }

    [Fact]
    public async Task Wrong_options_are_told_and_nothing_runs()
    {
        var progress = new StringWriter();

        Assert.Equal(LoadBenchmark.WrongOptions, await new LoadBenchmark(new BenchOptions { Runs = 0 }, _output, progress, terminal: false).Run(CancellationToken.None));
        Assert.Equal(2, progress.ToString().TrimEnd().Split('\n').Length);
    }

    [Fact]
    public async Task A_run_that_fails_is_told_and_the_others_go_on()
    {
        await using var server = await PeerServer.Start(new PeerOptions { Context = 300 });
        var options = new BenchOptions
        {
            Scenarios = ["resume", "decode-1"],
            Url = server.Url,
            Runs = 1,
            Out = Json,
            Plot = Plot,
            Sizes = BenchSizes.Parse(["history=400", "decode-tokens=4"], []),
        };

        Assert.Equal(LoadBenchmark.Failed, await new LoadBenchmark(options, _output, TextWriter.Null, terminal: false).Run(CancellationToken.None));
        var report = ReportFile.FromJson(await File.ReadAllTextAsync(Json));
        Assert.Contains("longer than the context", report.Scenarios[0].Runs.Single().Error);
        Assert.NotEmpty(report.Scenarios[1].Runs.Single().Figures);
        Assert.False(File.Exists(Plot));
        Assert.Contains("is not written: the plot is of 'mixed'", _output.ToString());
    }

    [Fact]
    public async Task Different_templates_are_told()
    {
        await using var a = await PeerServer.Start();
        await using var b = await PeerServer.Start(new PeerOptions { TemplateTokens = 10 });
        var options = new BenchOptions { Scenarios = ["decode-1"], Url = a.Url, Against = b.Url, Runs = 1, Sizes = BenchSizes.Parse(["decode-tokens=4"], []) };

        await new LoadBenchmark(options, _output, TextWriter.Null, terminal: false).Run(CancellationToken.None);

        Assert.Contains("their model or chat template differs", _output.ToString());
    }

    private static IEnumerable<string> Decoded(PeerServer server) =>
        server.Requests.Where(request => (int?)request.Body["max_tokens"] == 6 && request.Body["priority"] is null)
            .Select(request => request.Body["messages"]!.ToJsonString()).Order(StringComparer.Ordinal);

    private void CheckPlot(BenchReport report)
    {
        XNamespace svg = "http://www.w3.org/2000/svg";
        var plot = XDocument.Load(Plot);
        Assert.Equal(svg + "svg", plot.Root!.Name);
        var texts = plot.Descendants(svg + "text").Select(text => text.Value).ToArray();
        Assert.Contains("seconds since the beginning of the run", texts);
        Assert.Equal(2, texts.Count(text => text == "gap in milliseconds"));
        Assert.Contains("99th percentile", texts);
        Assert.Contains("prefers-color-scheme: dark", plot.Descendants(svg + "style").Single().Value);
        foreach (var target in report.Targets)
        {
            var gaps = report.Scenarios[1].Runs.Last(run => run.Target == target.Label).Replies.Where(reply => reply.Role == "voice").Sum(reply => reply.GapsMs.Count);
            Assert.Contains(texts, text => text.StartsWith($"{target.Label} (", StringComparison.Ordinal) && text.EndsWith($"of {gaps} gaps", StringComparison.Ordinal));
            var dots = plot.Descendants(svg + "path").Last(path => (string?)path.Attribute("class") == target.Label).Attribute("d")!.Value;
            Assert.InRange(dots.Split('M').Length - 1, 1, gaps);
        }
    }

    /// <summary>Calls back when a line comes.</summary>
    private sealed class Watching(Predicate<string> awaited, Action then) : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value)
        {
            if (value is not null && awaited(value))
            {
                then();
            }
        }
    }
}

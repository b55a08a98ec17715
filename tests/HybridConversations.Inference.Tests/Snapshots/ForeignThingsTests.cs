using System.Diagnostics;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.KvCache;
using HybridConversations.Inference.Sampling;
using HybridConversations.Inference.Tests.Engine;
using HybridConversations.Inference.Tests.LlamaCpp;
using HybridConversations.Inference.Text;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.Tests.Snapshots;

/// <summary>A cache never prevents a start: whatever lies in a snapshot's place is set aside and told, the reply is the same, and snapshots are kept again from then on.</summary>
public sealed class ForeignThingsTests : IDisposable
{
    private const int Tokens = 300;
    private readonly TemporaryFolder _parent = new();
    private readonly ListLogger _log = new();

    private string Kv => Path.Combine(_parent.Path, "kv");

    public void Dispose() => _parent.Dispose();

    public static TheoryData<string, string> Everything
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var place in (string[])["kv", "layout", "blocks", "conversations", "uses", "manifest", "block", "set-aside", "set-aside of all"])
            {
                foreach (var thing in (string[])["folder", "pipe", "loop", "nowhere", "text", "empty"])
                {
                    // A folder in a folder's place is what belongs there.
                    if (thing != "folder" || place is "manifest" or "block" or "uses")
                    {
                        data.Add(place, thing);
                    }
                }
            }

            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Everything))]
    public async Task What_lies_in_a_snapshots_place_makes_way(string place, string thing)
    {
        Skip.IfNot(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Pipes and loops of links are made as on Unix.");
        var prompt = string.Concat(Enumerable.Repeat("My name is Ada. ", Tokens / 16));
        var expected = (await Run(prompt)).Text;
        var path = PathOf(place);
        Put(path, thing);
        if (place.StartsWith("set-aside", StringComparison.Ordinal))
        {
            // Only somebody who sets aside comes by there.
            Put(PathOf(place == "set-aside" ? "manifest" : "layout"), "text");
        }

        Assert.Equal(expected, (await Run(prompt).WaitAsync(TimeSpan.FromMinutes(1))).Text);
        Assert.True((await Run(prompt + "more").WaitAsync(TimeSpan.FromMinutes(1))).Usage.Reused!.Snapshot > 0, string.Join('\n', _log.Lines.Select(line => line.Text)));
        if (place is not "block" && (place, thing) is not ("uses", "text"))
        {
            Assert.Contains(_log.Lines, line => line.Level == LogLevel.Warning && line.Text.Contains("is set aside", StringComparison.Ordinal));
        }
    }

    [SkippableFact]
    public async Task Where_nothing_can_be_set_aside_it_starts_without_snapshots()
    {
        Skip.IfNot(Directory.Exists("/proc/self"), "Needs a folder in which nobody can make one.");
        Assert.NotEmpty((await Run("Hello", "/proc/self/kv")).Text);
        Assert.Contains(_log.Lines, line => line.Level == LogLevel.Warning && line.Text.Contains("KV snapshots cannot be kept under /proc/self/kv", StringComparison.Ordinal));
    }

    private string PathOf(string place)
    {
        var layout = Directory.GetDirectories(Kv).Single();
        return place switch
        {
            "kv" => Kv,
            "layout" => layout,
            "uses" => Path.Combine(layout, "prefix-uses.txt"),
            "manifest" => Directory.GetFileSystemEntries(Path.Combine(layout, "conversations")).First(),
            "block" => Directory.GetFileSystemEntries(Path.Combine(layout, "blocks")).First(),
            "set-aside of all" => Path.Combine(Kv, "set-aside"),
            _ => Path.Combine(layout, place),
        };
    }

    private static void Put(string path, string thing)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        File.Delete(path);
        switch (thing)
        {
            case "folder":
                File.WriteAllText(Path.Combine(Directory.CreateDirectory(path).FullName, "inside.txt"), "foreign");
                break;
            case "pipe":
                using (var made = Process.Start("mkfifo", [path]))
                {
                    made.WaitForExit();
                    Assert.Equal(0, made.ExitCode);
                }

                break;
            case "loop":
                File.CreateSymbolicLink(path, path);
                break;
            case "nowhere":
                File.CreateSymbolicLink(path, "/nowhere/at/all");
                break;
            default:
                File.WriteAllText(path, thing == "empty" ? "" : "A note that somebody left here.\0\u0001");
                break;
        }
    }

    /// <summary>An engine's whole life with one turn in it.</summary>
    private async Task<(TokenUsage Usage, string Text)> Run(string prompt, string? folder = null)
    {
        var backend = new SimulatedBackend();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new Provider(_log)));
        var tiers = new KvTierOptions { SnapshotFolder = folder ?? Kv, SnapshotDelayMs = 0 };
        await using var engine = new InferenceEngine(backend, new EngineOptions { Tiers = tiers }, TimeProvider.System, loggers.CreateLogger<InferenceEngine>());
        var generation = engine.Submit(new GenerationRequest
        {
            Key = "conversation",
            Prompt = new Prompt(backend.Tokenize(prompt, addSpecial: true, parseSpecial: true)),
            MaxTokens = 8,
            Sampling = new SamplingParameters { Temperature = 0 },
        });
        var text = await CoreDriver.TextOf(generation);
        return ((await generation.Completion).Usage, text);
    }

    private sealed class Provider(ILogger logger) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => logger;

        public void Dispose()
        {
        }
    }
}

using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.LlamaCpp.Direct;
using HybridConversations.Inference.Models;
using HybridConversations.Simulation.Catalogue;
using HybridConversations.Simulation.Measuring;
using HybridConversations.Simulation.Planning;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Simulation.Tests.Measuring;

public sealed class BoardBenchTests
{
    /// <summary>A real engine and model, the files of a board that throttles: the table has all that was asked, and what was planned for the clocks that it really had.</summary>
    [Fact]
    public async Task ABoardIsMeasuredAndComparedWithItsPlan()
    {
        using var board = new TemporaryFolder();
        Board(board, "NVIDIA Jetson Orin NX Engineering Reference Developer Kit", throttled: true);
        var backend = await new LlamaCppProvider().Load(new BackendOptions { ModelPath = RepositoryFiles.DemoModel, Context = 2048, MaxSequences = 8 }, NullLogger.Instance);
        await using var engine = new InferenceEngine(backend, new EngineOptions { PromptLookup = false }, TimeProvider.System, NullLogger<InferenceEngine>.Instance);

        var figures = await BoardBench.Measure(engine, rounds: 2, [1, 2, 64], () => BoardDevice.Look(board.Path));

        Assert.Equal([30, 50, 100], figures.Answers.Select(answer => answer.Tokens));
        Assert.All(figures.Answers, answer => Assert.True(answer is { FirstTokenMs: > 0 } && answer.Seconds * 1000 > answer.FirstTokenMs, answer.ToString()));
        Assert.Equal([1, 2], figures.Together.Select(run => run.Streams)); // 64 are more than it takes
        Assert.All(figures.Together, run => Assert.True(run.TokensPerSecond > 1));
        Assert.Equal(0, engine.Status.Running);

        var device = BoardDevice.Find(DeviceCatalogue.Default, figures.After)!;
        var file = GgufFile.Read(RepositoryFiles.DemoModel);
        var plan = Planner.Default.Plan(device, ModelSpec.Of(file), Quantisation.Of(file, DeviceCatalogue.Default), new PlanOptions());
        var text = new StringWriter();
        BoardReport.Write(figures, plan, text);
        foreach (var part in new[] { "| 30 |", "| 50 |", "| 100 |", "| 1 |", "| 2 |", "Orin NX", "15W", "| 510 (918) |", "| gpu |", "GPU at 0.510 GHz", "102.4 GB/s" })
        {
            Assert.Contains(part, text.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("NVIDIA Jetson Orin NX Engineering Reference Developer Kit", "orin-nx-16gb@maxn", 0.918, 102.4)]
    [InlineData("NVIDIA Jetson Orin Nano Engineering Reference Developer Kit Super", "orin-nano-super-8gb@25w", 0.918, 102.4)]
    [InlineData("NVIDIA Jetson AGX Orin Developer Kit", "agx-orin-64gb@maxn", 0.918, 204.7)]
    [InlineData("Raspberry Pi 5", null, 0, 0)]
    public void ABoardIsFoundInTheCatalogueWithItsClocks(string name, string? id, double ghz, double bandwidth)
    {
        using var board = new TemporaryFolder();
        Board(board, name, throttled: false);

        var device = BoardDevice.Find(DeviceCatalogue.Default, BoardDevice.Look(board.Path));

        Assert.Equal(id, device?.FullId);
        Assert.Equal(ghz, device?.GpuGhz ?? 0, 3);
        Assert.Equal(bandwidth, device?.BandwidthGbs ?? 0, 0.1);
    }

    [Fact]
    public void AMachineThatIsNoBoardIsNone()
    {
        using var nothing = new TemporaryFolder();

        Assert.Null(BoardDevice.Find(DeviceCatalogue.Default, BoardDevice.Look(nothing.Path)));
    }

    private static void Board(TemporaryFolder folder, string name, bool throttled)
    {
        foreach (var (path, text) in new[]
        {
            ("proc/device-tree/model", name + "\0"), ("proc/meminfo", "MemTotal: 16000000 kB\nMemAvailable: 12000000 kB\n"),
            ("var/lib/nvpmodel/status", "pmode:0002"), ("etc/nvpmodel.conf", "< POWER_MODEL ID=2 NAME=15W >"),
            ("sys/class/devfreq/17000000.gpu/cur_freq", throttled ? "510000000" : "306000000"), ("sys/class/devfreq/17000000.gpu/max_freq", "918000000"),
            ("sys/kernel/nvpmodel_clk_cap/emc", "3199000000"),
            ("sys/class/thermal/cooling_device0/type", "gpu-throttle-alert"), ("sys/class/thermal/cooling_device0/cur_state", throttled ? "1" : "0"),
        })
        {
            var file = Path.Combine(folder.Path, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
    }
}

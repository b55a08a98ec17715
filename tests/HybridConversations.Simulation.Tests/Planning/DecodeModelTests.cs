using System.Globalization;
using HybridConversations.Simulation.Catalogue;
using HybridConversations.Simulation.Planning;
using Xunit.Abstractions;

namespace HybridConversations.Simulation.Tests.Planning;

/// <summary>Each published figure, predicted by a model that has not seen it.</summary>
public sealed class DecodeModelTests(ITestOutputHelper output)
{
    private const double Promised = 0.15;

    /// <summary>What a kind that was seen is known to miss by more, and how far it may.</summary>
    private static readonly Dictionary<string, double> Exceptions = new(StringComparer.Ordinal)
    {
        ["smollm2-1.7b-int4 in mlc on orin-nano-8gb@15w, 1 at once"] = 0.18,
        ["gemma-2-9b-int4 in mlc on orin-nano-super-8gb@maxn-super, 1 at once"] = 0.19, // 5 GB of 8
        ["qwen3-1.7b-fp16 in vllm on thor-t5000@maxn, 1 at once"] = 0.24, // slower a byte than the 0.6B and the 3B of the same table
        ["llama-3.2-3b-w4a16 in vllm on agx-orin-64gb@maxn, 8 at once"] = 0.25,
        ["qwen3-8b-w4a16 in vllm on orin-nx-16gb@maxn, 8 at once"] = 0.2,
    };

    private static readonly Lazy<IReadOnlyList<Prediction>> Predictions = new(() => [.. DeviceCatalogue.Default.Figures.Select(Prediction.Of)]);

    [Fact]
    public void AFigureOfAKindThatWasSeenIsPredictedWithinFifteenPercent()
    {
        var seen = Predictions.Value.Where(p => p is { Seen: true, PublishedFigure.Doubt: null }).ToList();
        seen.ForEach(p => output.WriteLine(p.ToString()));

        var missed = seen.Where(p => Math.Abs(p.Error) > Promised && !(Exceptions.TryGetValue(p.Name, out var allowed) && Math.Abs(p.Error) <= allowed)).ToList();

        Assert.True(seen.Count >= 60, $"Only {seen.Count} figures have others of their kind.");
        Assert.True(missed.Count == 0, string.Join(Environment.NewLine, missed));
    }

    [Fact]
    public void EveryExceptionIsStillOne()
    {
        var missed = Predictions.Value.Where(p => Math.Abs(p.Error) > Promised).Select(p => p.Name).ToHashSet();

        Assert.All(Exceptions.Keys, name => Assert.Contains(name, missed));
    }

    [Fact]
    public void TheIntervalsHoldNineOfTenFiguresSeenOrNot()
    {
        var believed = Predictions.Value.Where(p => p.PublishedFigure.Doubt is null).ToList();
        var outside = believed.Where(p => !p.TokensPerSecond.Contains(p.PublishedFigure.TokensPerSecond)).ToList();

        Assert.True(outside.Count <= believed.Count / 10, string.Join(Environment.NewLine, outside));
    }

    [Fact]
    public void WhatWasNotSeenSaysSoByItsInterval()
    {
        var unseen = Predictions.Value.Where(p => !p.Seen).ToList();
        unseen.ForEach(p => output.WriteLine(p.ToString()));
        var seen = Predictions.Value.Where(p => p.Seen && p.PublishedFigure.Streams == 1).ToList();

        Assert.NotEmpty(unseen);
        Assert.All(unseen, p => Assert.InRange(p.PublishedFigure.TokensPerSecond, p.TokensPerSecond.Low, p.TokensPerSecond.High));
        Assert.True(unseen.Average(Width) > 2 * seen.Average(Width));

        static double Width(Prediction p) => Math.Log(p.TokensPerSecond.High / p.TokensPerSecond.Low);
    }

    [Theory]
    [InlineData("orin-nx-16gb", "llama-3.2-3b-q4_k_m", 27.2)]
    [InlineData("orin-nx-16gb", "qwen2.5-7b-q3_k_m", 9.6)]
    public void TheMissionsOwnFiguresComeOut(string device, string model, double tokensPerSecond)
    {
        var (spec, quantisation) = DeviceCatalogue.Default.Model(model);

        var speed = DecodeModel.Default.TokensPerSecond(new Setup(DeviceCatalogue.Default.Device(device), spec, quantisation, "llama.cpp"), 1, 64);

        Assert.InRange(speed.Value, tokensPerSecond * 0.95, tokensPerSecond * 1.05);
    }

    [Fact]
    public void NoPredictionIsBetterThanTheHardwareAllows()
    {
        var catalogue = DeviceCatalogue.Default;
        foreach (var device in catalogue.Devices)
        {
            foreach (var model in catalogue.Models)
            {
                var setup = new Setup(device, model, catalogue.Quantised("q4_k_m"), "llama.cpp");
                foreach (var streams in new[] { 1, 4, 16, 64 })
                {
                    Assert.True(DecodeModel.Default.TokensPerSecond(setup, streams, 500).High <= (1000.0 * streams / Roofline.Of(setup).StepMs(setup, streams, 500)) + 1e-6, setup.ToString());
                }
            }
        }
    }

    private sealed record Prediction(PublishedFigure PublishedFigure, Estimate TokensPerSecond, bool Seen)
    {
        public string Name => $"{PublishedFigure.Setup}, {PublishedFigure.Streams} at once";
        public double Error => (TokensPerSecond.Value / PublishedFigure.TokensPerSecond) - 1;

        public static Prediction Of(PublishedFigure figure)
        {
            var model = new DecodeModel([.. DeviceCatalogue.Default.Figures.Where(other => other != figure && other.Doubt is null)]);
            return new Prediction(figure, model.TokensPerSecond(figure.Setup, figure.Streams, figure.Context), model.HasSeen(figure.Setup, figure.Streams));
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Error,7:+0.0%;-0.0%} {TokensPerSecond} {PublishedFigure}");
    }
}

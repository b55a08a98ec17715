using HybridConversations.Simulation.Devices;
using HybridConversations.Simulation.Fleet;

namespace HybridConversations.Simulation.Tests.Fleet;

public sealed class FleetSimulationTests
{
    /// <summary>Steps of 30 ms, 3 ms more for each further row; a millisecond for a prompt's token.</summary>
    private static readonly DeviceShape Shape = new(new StepTime((rows, _) => 27 + (3 * rows), 1, 16), 4096, 4096, 16384);

    private static readonly FleetScenario Small = new() { Device = Shape, Devices = 10, Conversations = 300, Hours = 0.5 };

    [Fact]
    public void TheSameSeedGivesTheSameFleetAndAnotherAnother()
    {
        var (one, same, other) = (FleetSimulation.Run(Small), FleetSimulation.Run(Small), FleetSimulation.Run(Small with { Seed = 2 }));

        Assert.Equal(Text(one), Text(same));
        Assert.NotEqual(Text(one), Text(other));
    }

    [Fact]
    public void EveryTurnIsAnsweredOnceOrRefused()
    {
        var result = FleetSimulation.Run(Small);

        Assert.Equal(result.Turns, result.Local + result.Cloud + result.Refused);
        Assert.Equal(0, result.Refused);
        Assert.InRange(result.Turns, 6 * 300 * 0.85, 6 * 300 * 1.15);
        Assert.InRange((double)result.Cloud / result.Turns, 0.07, 0.2);
    }

    [Fact]
    public void AloneAnAnswerTakesItsPromptAndItsSteps()
    {
        var result = FleetSimulation.Run(Small with { Devices = 100, Conversations = 50, Cloud = false, Tools = 0, BargeIns = 0, NetworkMs = 0 });

        Assert.InRange(result.AnswerMs.P50, 30 * 35, 30 * 52); // 50 tokens or fewer, 30 ms each, and the new words
        Assert.InRange(result.FirstTokenMs.P50, 29, 80);
        Assert.True(result.QueuedMs.P99 <= 90);
    }

    [Fact]
    public void ConversationsStayWhereTheirKvIsAndReadLittleAgain()
    {
        var sticky = FleetSimulation.Run(Small);
        var restless = FleetSimulation.Run(Small with { Sticky = false });

        Assert.True(sticky.Stayed > 0.95, $"{sticky.Stayed:P1} stayed.");
        Assert.True(restless.Stayed < 0.5, $"{restless.Stayed:P1} stayed.");
        Assert.True(restless.Prompt.Read > 2 * sticky.Prompt.Read);
        Assert.True(restless.FirstTokenMs.P50 > sticky.FirstTokenMs.P50);
    }

    /// <summary>Why placement draws two: with reports up to a second old, whoever looks best to all gets all.</summary>
    [Fact]
    public void ComparingAllDevicesSendsEverybodyToTheSameOnes()
    {
        var busy = Small with { Devices = 40, Conversations = 4000 };

        var two = FleetSimulation.Run(busy);
        var all = FleetSimulation.Run(busy with { LookAt = busy.Devices });

        Assert.True(two.BusiestDevice < all.BusiestDevice, $"{two.BusiestDevice:P0} against {all.BusiestDevice:P0}");
        Assert.True(two.AnswerMs.P95 < all.AnswerMs.P95, $"{two.AnswerMs.P95:0} against {all.AnswerMs.P95:0} ms");
    }

    [Fact]
    public void WhatADeadDeviceWasAnsweringIsAnsweredByOthers()
    {
        var result = FleetSimulation.Run(Small with { FailShare = 0.5, Conversations = 600 });

        Assert.Equal(0, result.Refused);
        Assert.True(result.Retried > 0);
        Assert.Equal(result.Turns, result.Local + result.Cloud);
        Assert.True(result.FirstTokenMs.P99 < 10_000);
    }

    [Fact]
    public void WhenAllAreDeadTurnsAreRefusedUntilTheyAreBack()
    {
        var result = FleetSimulation.Run(Small with { FailShare = 1, FailSeconds = 300, Cloud = false });

        Assert.True(result.Refused > 0);
        Assert.True(result.Timeline[^2].Turns > 0);
    }

    [Fact]
    public void TooFewDevicesMissTheBudgetAndEnoughKeepIt()
    {
        var few = FleetSimulation.Run(Small with { Devices = 1, Conversations = 1500 });
        var enough = FleetSimulation.Run(Small with { Devices = 60, Conversations = 1500 });

        Assert.True(few.WithinBudget < 0.5, $"{few.WithinBudget:P0}");
        Assert.True(enough.WithinBudget > 0.9, $"{enough.WithinBudget:P0}");
        Assert.True(few.Utilisation > 0.9 && enough.Utilisation < 0.5);
    }

    [Fact]
    public void AScenarioOutOfRangeIsRefused() => Assert.Throws<ArgumentException>(() => FleetSimulation.Run(Small with { Devices = 0 }));

    private static string Text(FleetResult result)
    {
        var writer = new StringWriter();
        FleetReport.Write(result, writer);
        return writer + string.Join(' ', result.Timeline);
    }
}

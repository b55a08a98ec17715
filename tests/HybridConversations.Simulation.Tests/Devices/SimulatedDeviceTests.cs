using HybridConversations.Inference.Engine;
using HybridConversations.Simulation.Devices;

namespace HybridConversations.Simulation.Tests.Devices;

public sealed class SimulatedDeviceTests
{
    private static readonly StepTime Time = new((rows, _) => 20 + rows, 2, 16);

    [Fact]
    public void APromptIsReadAndEachTokenTakesAStep()
    {
        using var device = new SimulatedDevice("d", new DeviceShape(Time, 4096, 4096, 4096));
        device.Submit(1, "a", [.. Enumerable.Range(10, 100)], 0, 10, 0);

        var result = Finish(device);

        Assert.Equal(200, result.Timings.FirstTokenMs, 1);
        Assert.Equal(200 + (9 * 21), result.Timings.TotalMs, 1);
        Assert.Equal(100, result.Usage.ReadTokens);
    }

    [Fact]
    public void TheNextTurnReadsWhatIsNew()
    {
        using var device = new SimulatedDevice("d", new DeviceShape(Time, 4096, 4096, 4096));
        int[] first = [.. Enumerable.Range(10, 100)];
        device.Submit(1, "a", first, 0, 10, 0);
        Finish(device);

        device.Submit(2, "a", [.. first, .. Enumerable.Repeat(1, 10), .. Enumerable.Range(500, 20)], 0, 10, 10);
        var result = Finish(device);

        Assert.Equal(21, result.Usage.ReadTokens); // the reply's last token was never computed
        Assert.Equal(109, result.Usage.Reused!.Resident);
    }

    [Fact]
    public void WhatMemoryHadNoRoomForComesFromDisk()
    {
        using var device = new SimulatedDevice("d", new DeviceShape(Time, 600, 400, 10_000));
        int[] first = [.. Enumerable.Range(1000, 256)];
        device.Submit(1, "a", first, 0, 4, 0);
        Finish(device);
        foreach (var other in Enumerable.Range(0, 4))
        {
            device.Submit(2 + other, $"other{other}", [.. Enumerable.Range(5000 * (other + 1), 256)], 0, 4, 10 + (10 * other));
            Finish(device);
        }

        Assert.True(device.DiskSeconds("a") > 0);
        device.Submit(9, "a", [.. first, .. Enumerable.Repeat(1, 4), .. Enumerable.Range(900_000, 10)], 0, 4, 100);
        var result = Finish(device);

        Assert.InRange(result.Usage.Reused!.Snapshot, 200, 260);
        Assert.InRange(result.Usage.ReadTokens, 1, 60);
    }

    [Fact]
    public void ADeviceThatLostPowerKeepsItsDiskAndNothingElse()
    {
        using var device = new SimulatedDevice("d", new DeviceShape(Time, 4096, 4096, 4096));
        int[] first = [.. Enumerable.Range(10, 256)];
        device.Submit(1, "a", first, 0, 4, 0);
        Finish(device);
        device.Submit(2, "b", first, 0, 4, 20);

        Assert.Equal([2], device.Die());
        device.Revive(30);
        device.Submit(3, "a", [.. first, .. Enumerable.Repeat(1, 4), 7777, 7778], 0, 4, 30);
        var result = Finish(device);

        Assert.Equal(0, result.Usage.Reused!.Resident);
        Assert.True(result.Usage.Reused.Snapshot > 200);
    }

    [Fact]
    public void StepsAreTheTablesOwn()
    {
        var time = new StepTime((rows, context) => (10 * rows) + (0.01 * rows * context), 2, 4);

        Assert.Equal(10.01 + (0.01 * 99), time.Milliseconds(1, 100, 0), 1);
        Assert.Equal(40 + (0.04 * 100), time.Milliseconds(4, 400, 0), 1);
        Assert.Equal(time.Milliseconds(2, 10, 0) + 20, time.Milliseconds(2, 10, 10), 6);
        Assert.Equal(200, time.Milliseconds(0, 0, 100), 6);
    }

    private static GenerationResult Finish(SimulatedDevice device)
    {
        for (var step = 0; step < 10_000; step++)
        {
            device.Step(device.Now);
            if (device.TakeEnded() is { } ended)
            {
                return ended.Result!;
            }
        }

        throw new InvalidOperationException("It never ends.");
    }
}

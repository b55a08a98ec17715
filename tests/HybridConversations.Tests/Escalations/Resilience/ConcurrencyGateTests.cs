using HybridConversations.Escalations.Resilience;

namespace HybridConversations.Tests.Escalations.Resilience;

public sealed class ConcurrencyGateTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Waiters_are_served_in_order()
    {
        var gate = new ConcurrencyGate(1, 3, new ManualTime());
        Assert.True(await gate.Enter(Long, default));
        var waiters = Enumerable.Range(0, 3).Select(_ => gate.Enter(Long, default).AsTask()).ToArray();
        Assert.False(await gate.Enter(Long, default));

        foreach (var waiter in waiters)
        {
            Assert.False(waiter.IsCompleted);
            gate.Leave();
            Assert.True(await waiter);
        }

        Assert.Equal((1, 0), (gate.InFlight, gate.Queued));
        gate.Leave();
        Assert.Equal(0, gate.InFlight);
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_queue()
    {
        var time = new ManualTime();
        var gate = new ConcurrencyGate(1, 3, time);
        await gate.Enter(Long, default);
        using var cancel = new CancellationTokenSource();
        var late = gate.Enter(TimeSpan.FromSeconds(1), default).AsTask();
        var cancelled = gate.Enter(Long, cancel.Token).AsTask();
        var patient = gate.Enter(Long, default).AsTask();

        time.AdvanceMs(1_000);
        Assert.False(await late);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal(1, gate.Queued);
        gate.Leave();
        Assert.True(await patient);
    }

    [Fact]
    public async Task Slots_are_neither_lost_nor_doubled_when_everything_happens_at_once()
    {
        var gate = new ConcurrencyGate(3, 40, TimeProvider.System);
        var inside = 0;
        var most = 0;
        var served = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 4_000), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
        {
            using var cancel = new CancellationTokenSource();
            if (i % 3 == 0)
            {
                cancel.CancelAfter(TimeSpan.FromTicks(i % 7 * 2_000));
            }

            try
            {
                if (!await gate.Enter(TimeSpan.FromTicks(i % 5 * 10_000), cancel.Token))
                {
                    return;
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }

            var now = Interlocked.Increment(ref inside);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            Interlocked.Increment(ref served);
            gate.Leave();
        });

        Assert.InRange(most, 1, 3);
        Assert.InRange(served, 500, 4_000);
        Assert.Equal((0, 0), (gate.InFlight, gate.Queued));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref target)) && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}

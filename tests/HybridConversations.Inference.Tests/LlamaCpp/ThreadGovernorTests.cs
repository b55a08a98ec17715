using HybridConversations.Inference.LlamaCpp;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.LlamaCpp;

public sealed class ThreadGovernorTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);
    private readonly VirtualClock _clock = new();
    private double? _idle = 0;

    [Fact]
    public void Alone_it_keeps_all_threads()
    {
        var governor = Governor(4);

        Assert.DoesNotContain(true, Steps(governor, 1000, cores: 3.95));
        Assert.Equal(4, governor.Threads);
    }

    [Theory]
    [InlineData(2, 1.4, 1)]
    [InlineData(2, 1.0, 1)]
    [InlineData(8, 7.2, 7)]
    [InlineData(8, 5.0, 5)]
    [InlineData(4, 0.2, 1)]
    public void As_many_threads_leave_as_others_took_cores(int most, double cores, int left)
    {
        var governor = Governor(most);

        Assert.Single(Steps(governor, 2, cores), changed => changed);
        Assert.Equal(left, governor.Threads);
    }

    [Fact]
    public void One_slow_step_among_others_is_nothing()
    {
        var governor = Governor(2);
        for (var round = 0; round < 50; round++)
        {
            Assert.False(Observe(governor, TimeSpan.FromMilliseconds(5), 1.0));
            Assert.False(Observe(governor, TimeSpan.FromMilliseconds(100), 1.98));
        }
    }

    [Fact]
    public void They_come_back_when_cores_are_idle_and_not_before()
    {
        var governor = Governor(4);
        Steps(governor, 2, cores: 2);
        Assert.Equal(2, governor.Threads);

        _idle = 0.3;
        Steps(governor, 100, cores: 2);
        Assert.Equal(2, governor.Threads);

        _idle = 2.1;
        Steps(governor, 20, cores: 3.99);
        Assert.Equal(4, governor.Threads);
    }

    [Fact]
    public void Coming_back_too_early_makes_the_next_wait_longer()
    {
        var governor = Governor(2);
        _idle = 1; // idle by the system's word, and taken as soon as two threads want two cores, as under a quota
        var changes = 0;
        for (var step = 0; step < 60 * 20; step++)
        {
            changes += Observe(governor, Step, governor.Threads == 2 ? 1.2 : 1) ? 1 : 0;
        }

        // A minute: waits of 0.4, 0.8, … 25.6 s, each with a way there and a way back.
        Assert.InRange(changes, 5, 16);
    }

    [Fact]
    public void Where_the_system_does_not_say_what_is_idle_it_tries()
    {
        var governor = Governor(2);
        _idle = null;
        Steps(governor, 2, cores: 1);
        Assert.Equal(1, governor.Threads);

        Steps(governor, 20, cores: 2);

        Assert.Equal(2, governor.Threads);
    }

    [Fact]
    public void It_allocates_nothing()
    {
        using var idle = new IdleCores(_clock);
        var governor = new ThreadGovernor(4, idle.Since, _clock);
        Steps(governor, 100, cores: 2);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var step = 0; step < 1000; step++)
        {
            Observe(governor, Step, step / 10 % 2 == 0 ? 1 : 4);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Idle_time_is_read_from_the_first_line()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("stat", "cpu  10 20 30 1000 50 0 0 0 0 0\ncpu0 5 5 5 5 5\n"u8.ToArray());
        using var idle = new IdleCores(_clock, path);
        Assert.Null(idle.Since()); // no time has passed

        File.WriteAllText(path, "cpu  10 20 30 1100 150 0 0 0 0 0\n");
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(2.0, idle.Since()!.Value, 1e-9); // 200 ticks of 10 ms in a second
        using var missing = new IdleCores(_clock, folder.File("none"));
        Assert.Null(missing.Since());
    }

    private ThreadGovernor Governor(int most) => new(most, () => _idle, _clock);

    private List<bool> Steps(ThreadGovernor governor, int count, double cores) => [.. Enumerable.Range(0, count).Select(_ => Observe(governor, Step, Math.Min(cores, governor.Threads)))];

    private bool Observe(ThreadGovernor governor, TimeSpan wall, double cores)
    {
        _clock.Advance(wall);
        return governor.Observe(wall, wall * cores);
    }
}

using FsCheck;
using FsCheck.Fluent;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.Scheduling;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.Engine;

/// <summary>A device that is never without voices, on a virtual clock.</summary>
public sealed class StarvationTests
{
    /// <summary>10 ms a step, 3 ms a row: a slow one.</summary>
    private static readonly SimulatedBackendOptions Slow = new() { Cost = batch => TimeSpan.FromMilliseconds(10 + (3 * batch.Count)) };

    [Fact]
    public async Task A_long_prompt_that_is_being_read_never_comes_before_a_voice()
    {
        var driver = new CoreDriver(Slow);
        var background = driver.Submit(new string('b', 3500), 1, priority: TurnPriority.Background);
        var voices = new Voices(driver, 4, new Random(1));
        while (!background.Completion.IsCompleted)
        {
            voices.Talk();
            driver.Step();
        }

        var waited = (await background.Completion).Timings.FirstTokenMs;
        Assert.True(waited > 2 * new SchedulerOptions().AgingMs, $"the prompt took only {waited} ms: too short for this test");
        Assert.InRange((await voices.FirstTokens()).Max(), 0, 1000);
    }

    /// <summary>More voices than there is room for, of any seed: a background request still comes in and ends.</summary>
    [Fact]
    public void Background_work_ends_however_many_voices_there_are() => Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var scheduler = new SchedulerOptions { MaxRunning = random.Next(2, 5) };
        var driver = new CoreDriver(Slow, scheduler);
        var voices = new Voices(driver, scheduler.MaxRunning + random.Next(1, 6), random);
        for (var steps = random.Next(200); steps > 0; steps--)
        {
            voices.Talk();
            driver.Step();
        }

        var background = driver.Submit(new string('b', random.Next(1, 800)), random.Next(1, 30), priority: (TurnPriority)random.Next(2));
        var began = driver.Clock.GetTimestamp();
        while (!background.Completion.IsCompleted && driver.Clock.GetElapsedTime(began) < TimeSpan.FromSeconds(120))
        {
            voices.Talk();
            driver.Step();
        }

        return background.Completion.IsCompletedSuccessfully;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    /// <summary>People who say something new as soon as they are answered.</summary>
    private sealed class Voices(CoreDriver driver, int count, Random random)
    {
        private readonly Generation?[] _replies = new Generation?[count];
        private readonly List<Generation> _all = [];

        public void Talk()
        {
            for (var i = 0; i < _replies.Length; i++)
            {
                if (_replies[i] is not { Completion.IsCompleted: false })
                {
                    _replies[i] = driver.Submit(new string((char)('a' + i), random.Next(5, 40)), random.Next(1, 40), priority: TurnPriority.Voice);
                    _all.Add(_replies[i]!);
                }
            }
        }

        public async Task<double[]> FirstTokens()
        {
            driver.RunToEnd();
            return [.. (await Task.WhenAll(_all.Select(g => g.Completion))).Select(result => result.Timings.FirstTokenMs)];
        }
    }
}

using HybridConversations.Inference.Engine;
using HybridConversations.Inference.Sampling;
using HybridConversations.Inference.Text;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Inference.Tests.Engine;

/// <summary>While somebody speaks, or something else wants the GPU, background work pauses and steps stay short.</summary>
public sealed class TruceTests
{
    private static readonly TimeSpan FiveSeconds = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Background_work_pauses_people_are_answered_and_then_it_goes_on()
    {
        var driver = new CoreDriver();
        var background = driver.Submit("a long report", maxTokens: 40, priority: TurnPriority.Background);
        Steps(driver, 5);
        var before = driver.Core.Status.TokensGenerated;
        Assert.True(before > 0);

        driver.Core.Truce.Ask(FiveSeconds);
        var voice = driver.Submit("hello", maxTokens: 10, priority: TurnPriority.Voice);
        var late = driver.Submit("another report", maxTokens: 5, priority: TurnPriority.Background);
        Steps(driver, 30);

        Assert.Equal(10, (await voice.Completion).Usage.CompletionTokens);
        Assert.Equal(before + 10, driver.Core.Status.TokensGenerated);
        Assert.Equal((1, 1), (driver.Core.Status.Running, driver.Core.Status.Waiting));
        Assert.False(driver.Step());
        Assert.InRange(driver.Core.DueIn!.Value, 1, 5000); // it looks again when the truce is over

        driver.Clock.Advance(FiveSeconds);
        driver.RunToEnd();
        Assert.True((await background.Completion).Usage.CompletionTokens > before);
        Assert.True((await late.Completion).Usage.CompletionTokens > 0);
    }

    [Fact]
    public void Steps_stay_briefwhile_it_holds_back()
    {
        // A prompt's token takes a millisecond, a step 10 more: one of 250 ms reads about 240 of them, one of 50 ms about 40.
        var usual = Longest(new CoreDriver(), truce: false);
        var brief = Longest(new CoreDriver(), truce: true);

        Assert.InRange(brief, 10, 1.5 * Truce.StepMs);
        Assert.True(usual > 3 * brief, $"{usual} ms without, {brief} ms with");

        static double Longest(CoreDriver driver, bool truce)
        {
            var warm = driver.Submit(new string('w', 300), maxTokens: 30); // the cost model learns what a row takes
            driver.RunToEnd();
            Assert.True(warm.Completion.IsCompletedSuccessfully);
            if (truce)
            {
                driver.Core.Truce.OpenDraft();
            }

            driver.Submit(new string('v', 1500), maxTokens: 1, priority: TurnPriority.Voice);
            var longest = 0.0;
            for (var started = driver.Clock.GetTimestamp(); driver.Step(); started = driver.Clock.GetTimestamp())
            {
                longest = Math.Max(longest, driver.Clock.GetElapsedTime(started).TotalMilliseconds);
            }

            return longest;
        }
    }

    [Fact]
    public async Task Whoever_speaks_for_ever_does_not_starve_the_others()
    {
        var driver = new CoreDriver();
        driver.Core.Truce.OpenDraft();
        var background = driver.Submit("a report", maxTokens: 10, priority: TurnPriority.Background);
        Assert.False(driver.Step());
        var due = driver.Core.DueIn!.Value;
        Assert.InRange(due, 1, Truce.MaxPauseMs);

        driver.Clock.Advance(TimeSpan.FromMilliseconds(due + 1));
        Steps(driver, 2);
        Assert.True(driver.Core.Status.TokensGenerated + driver.Core.Status.TokensRead > 0);
        driver.Core.Truce.CloseDraft();
        driver.RunToEnd();
        Assert.True((await background.Completion).Usage.CompletionTokens > 0);
    }

    [Fact]
    public void A_later_call_takes_the_place_of_an_earlier_one_and_zero_ends_it()
    {
        var clock = new VirtualClock();
        var changes = 0;
        var truce = new Truce(clock, () => changes++);
        Assert.Null(truce.MillisecondsLeft);
        truce.Ask(FiveSeconds);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(4000, truce.MillisecondsLeft);
        truce.Ask(TimeSpan.FromSeconds(2));
        Assert.Equal(2000, truce.MillisecondsLeft);
        truce.OpenDraft();
        Assert.Equal(double.PositiveInfinity, truce.MillisecondsLeft);
        truce.Ask(TimeSpan.Zero);
        truce.CloseDraft();
        Assert.Null(truce.MillisecondsLeft);
        Assert.Equal(5, changes);
        Assert.Throws<ProblemException>(() => truce.Ask(TimeSpan.FromSeconds(61)));
    }

    /// <summary>The engine's own thread: it sleeps while all that it has is paused, and the end of the truce wakes it.</summary>
    [Fact]
    public async Task The_end_of_a_truce_wakes_the_engine()
    {
        await using var engine = new InferenceEngine(new SimulatedBackend(), new EngineOptions(), TimeProvider.System, NullLogger<InferenceEngine>.Instance);
        engine.Truce.OpenDraft();
        var background = Submit(engine, TurnPriority.Background);
        var voice = Submit(engine, TurnPriority.Voice);
        await voice.Completion;
        await Submit(engine, TurnPriority.Voice).Completion;
        Assert.False(background.Completion.IsCompleted);
        Assert.Equal(1, engine.Status.Waiting + engine.Status.Running);

        engine.Truce.CloseDraft();
        Assert.Equal(8, (await background.Completion.WaitAsync(TimeSpan.FromSeconds(20))).Usage.CompletionTokens);
    }

    [Fact]
    public async Task A_truce_that_ends_by_itself_wakes_the_engine_too()
    {
        await using var engine = new InferenceEngine(new SimulatedBackend(), new EngineOptions(), TimeProvider.System, NullLogger<InferenceEngine>.Instance);
        engine.Truce.Ask(TimeSpan.FromMilliseconds(200));
        var result = await Submit(engine, TurnPriority.Background).Completion.WaitAsync(TimeSpan.FromSeconds(20)); // 30 s would be its patience

        Assert.Equal(8, result.Usage.CompletionTokens);
        Assert.True(result.Timings.QueuedMs >= 100, $"{result.Timings.QueuedMs} ms");
    }

    private static Generation Submit(InferenceEngine engine, TurnPriority priority) => engine.Submit(new GenerationRequest
    {
        Prompt = new Prompt(SimulatedModel.Tokenize("tell me", parseSpecial: false)),
        MaxTokens = 8,
        Sampling = new SamplingParameters { Temperature = 0 },
        Priority = priority,
    });

    private static void Steps(CoreDriver driver, int count)
    {
        for (var i = 0; i < count; i++)
        {
            driver.Step();
        }
    }
}

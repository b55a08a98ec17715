using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.KvCache;
using HybridConversations.Inference.Text;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Inference.Tests.Engine;

/// <summary>A backend that fails, and an engine that stops.</summary>
public sealed class EngineFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task After_a_decode_that_failed_halfway_nothing_is_left_in_the_backend()
    {
        var driver = new CoreDriver();
        driver.Backend.BeforeDecode = _ => throw new InvalidOperationException("a fault");
        var first = driver.Submit(Text(1, 200), 5, "a");
        Assert.Throws<InvalidOperationException>(() => driver.Core.Step());

        // What llama.cpp leaves behind: a micro-batch that no book of ours knows of, and something in the scratch sequence.
        driver.Backend.BeforeDecode = null;
        var part = new TokenBatch(64);
        for (var i = 0; i < 32; i++)
        {
            part.Add('x', i, driver.Core.Kv.Find("a")!.Id, wantsLogits: false);
            part.Add('x', i, driver.Core.Kv.ScratchId, wantsLogits: false);
        }

        driver.Backend.Decode(part);
        driver.Core.RefuseAll(new Problem("fault", 500, "Of the backend.", true, 1));
        driver.Core.DropAllKv();
        Assert.Equal(0, driver.Backend.UsedCells);
        Assert.Equal(0, driver.Core.Kv.Held);
        await Assert.ThrowsAsync<ProblemException>(() => first.Completion);

        var again = driver.Submit(Text(1, 200), 5, "a");
        driver.RunToEnd();
        Assert.Equal(SimulatedModel.Reply(Text(1, 200), 5), await CoreDriver.TextOf(again));
    }

    [Fact]
    public async Task What_comes_after_the_end_is_refused_and_touches_nothing()
    {
        var engine = Start(new SimulatedBackend());
        var generation = Submit(engine, "a", Text(1, 300));
        await generation.Completion;
        await engine.DisposeAsync();
        Assert.NotEmpty(Directory.GetFiles(_folder.Path, "*.manifest", SearchOption.AllDirectories));

        await engine.Forget("a");
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.manifest", SearchOption.AllDirectories));
        Assert.False(await engine.Promote(generation, TurnPriority.Voice));
        Assert.Equal(ProblemCodes.Stopping, Assert.Throws<ProblemException>(() => Submit(engine, "b", "hello")).Problem.Code);
    }

    [Fact]
    public async Task A_late_read_ahead_does_not_end_the_turn_that_adopted_the_one_before()
    {
        var driver = new CoreDriver(new() { Next = held => 'a' + (held.Count % 26) });
        var reply = driver.Submit("what time is it?", 100, "c", readAhead: true);
        driver.Step();
        Assert.True(driver.Core.Promote(reply, TurnPriority.Voice));
        var late = driver.Submit("what time is it? and", 0, "c", readAhead: true);
        driver.RunToEnd();

        Assert.Equal(FinishReason.Length, (await reply.Completion).FinishReason);
        Assert.Equal(FinishReason.Interrupted, (await late.Completion).FinishReason);
    }

    [Fact]
    public async Task An_adopted_turn_is_not_given_up_for_want_of_room()
    {
        var driver = new CoreDriver(new() { Next = _ => 'x' }, new() { MaxRunning = 1 });
        var adopted = driver.Submit("maybe", 50, "a", readAhead: true);
        driver.Step();
        Assert.True(driver.Core.Promote(adopted, TurnPriority.Interactive));
        var other = driver.Submit("surely", 5, "b");
        driver.RunToEnd();

        Assert.Equal(FinishReason.Length, (await adopted.Completion).FinishReason);
        Assert.Equal(FinishReason.Length, (await other.Completion).FinishReason);
    }

    /// <summary>The sampled tokens of a text can be many more than its own: they are kept only where the reply keeps its room.</summary>
    [Fact]
    public async Task Held_tokens_do_not_take_the_room_of_the_next_reply()
    {
        var driver = new CoreDriver(new() { Cells = 1000, TrainedContext = 400, Next = _ => 'x' });
        // '<|im_end|>' spelled out takes ten tokens; read as what it is it takes one.
        var spelled = string.Concat(Enumerable.Repeat("<|im_end|>", 35));
        var request = new GenerationRequest { Key = "c", Prompt = new Prompt(SimulatedModel.Tokenize(spelled, parseSpecial: false)), MaxTokens = 1, Sampling = CoreDriver.Greedy };
        driver.Core.Accept(new Sequence(new Generation(request, 0, () => { }), [SimulatedModel.MessageEnd], driver.Backend));
        driver.RunToEnd();

        var next = driver.Submit(spelled + "and then?", 200, "c");
        driver.RunToEnd();
        var usage = (await next.Completion).Usage;
        Assert.Equal(200, usage.CompletionTokens);
        Assert.Equal(35 + "and then?".Length, usage.PromptTokens);
    }

    [Fact]
    public async Task A_step_that_hangs_is_told_and_aborted_and_the_reply_goes_on()
    {
        using var release = new ManualResetEventSlim();
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var backend = new SimulatedBackend { AbortRequested = () => aborted.TrySetResult() };
        backend.BeforeDecode = _ => release.Wait();
        await using var engine = Start(backend, new EngineOptions { StepLimit = TimeSpan.FromMilliseconds(40) });
        var before = DateTimeOffset.UtcNow;
        var reply = Submit(engine, "a", Text(1, 300));
        await aborted.Task;
        Assert.InRange(engine.Status.HangingSince!.Value, before.AddSeconds(-1), DateTimeOffset.UtcNow);

        backend.BeforeDecode = null;
        release.Set();
        Assert.Equal(SimulatedModel.Reply(Text(1, 300), 4), await CoreDriver.TextOf(reply));
        Assert.Null(engine.Status.HangingSince);
        Assert.False(engine.Status.Failed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_end_does_not_wait_for_a_step_that_never_comes_back(bool announced)
    {
        using var release = new ManualResetEventSlim();
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var backend = new SimulatedBackend();
        backend.BeforeDecode = _ =>
        {
            inside.TrySetResult();
            release.Wait();
        };
        var engine = Start(backend, new EngineOptions { StopLimit = TimeSpan.FromMilliseconds(40) });
        var reply = Submit(engine, "a", Text(1, 300));
        await inside.Task;
        if (announced)
        {
            _ = engine.BeginStop();
            Assert.Equal(ProblemCodes.Stopping, (await Assert.ThrowsAsync<ProblemException>(() => reply.Completion)).Problem.Code);
        }

        await engine.DisposeAsync();
        Assert.Equal(ProblemCodes.Stopping, (await Assert.ThrowsAsync<ProblemException>(() => reply.Completion)).Problem.Code);
        Assert.Equal(ProblemCodes.Stopping, Assert.Throws<ProblemException>(() => Submit(engine, "b", "hello")).Problem.Code);
        await engine.Forget("a");
        release.Set();
    }

    private InferenceEngine Start(SimulatedBackend backend, EngineOptions? options = null) =>
        new(backend, (options ?? new()) with { Tiers = new KvTierOptions { SnapshotFolder = _folder.Path, SnapshotDelayMs = 0 } }, TimeProvider.System, NullLogger<InferenceEngine>.Instance);

    private static Generation Submit(InferenceEngine engine, string key, string prompt) =>
        engine.Submit(new GenerationRequest { Key = key, Prompt = new Prompt(SimulatedModel.Tokenize(prompt, parseSpecial: true)), MaxTokens = 4, Sampling = CoreDriver.Greedy });

    private static string Text(int seed, int length)
    {
        var random = new Random(seed);
        return string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(26))));
    }
}

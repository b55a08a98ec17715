using HybridConversations.Devices;
using HybridConversations.Inference.Engine;
using HybridConversations.Tests.Common;
using HybridConversations.Tests.Conversations;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Tests.Devices;

/// <summary>Listening, on a whole device over the simulated model; silence passes on a clock of the test's own.</summary>
public sealed class DraftsTests : IAsyncLifetime
{
    private static readonly ChatMessage System = new(ChatMessage.System, "You are Pip, and you listen.");
    private readonly ManualTime _time = new();
    private InferenceEngine _engine = null!;
    private LocalDevice _device = null!;

    public Task InitializeAsync()
    {
        _engine = new InferenceEngine(new SimulatedBackend(new() { Cells = 65_536, MaxSequences = 64 }), new EngineOptions(), TimeProvider.System, NullLogger<InferenceEngine>.Instance);
        _device = new LocalDevice(_engine, new DeviceOptions { DeviceId = "test" }, _time);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Silence_forgets_a_draft_and_counts_what_was_generated_in_vain()
    {
        await _device.Listen(Draft("a", "Tell me a story"), speculate: true);
        await Until(status => status.Listening!.Drafts == 1, () => _engine.Status.TokensGenerated > 0);
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(0, (await _device.Status()).Listening!.WastedTokens);
        _time.Advance(TimeSpan.FromSeconds(2));
        await Until(status => status.Listening!.WastedTokens > 0, () => _engine.Status.Running == 0);

        // The turn comes after all: it is generated anew, and what was read ahead is still of use.
        var finished = await Say("a", "Tell me a story");
        Assert.Equal(0, (await _device.Status()).Listening!.Adopted);
        Assert.True(finished.Usage.ReusedTokens > 20, finished.Usage.ToString());
    }

    /// <summary>While a draft is open the device holds back; the turn that it became, or silence, ends that. Whatever replaces whatever.</summary>
    [Fact]
    public async Task The_device_holds_back_while_somebody_speaks()
    {
        Assert.False((await _device.Status()).Yielding);
        await _device.Listen(Draft("a", "Tell me"), speculate: false);
        await _device.Listen(Draft("a", "Tell me a story"), speculate: true);
        await _device.Listen(Draft("b", "And"), speculate: false);
        Assert.True((await _device.Status()).Yielding);
        await Say("a", "Tell me a story");
        Assert.True((await _device.Status()).Yielding);
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.False((await _device.Status()).Yielding);

        ((IYieldingDevice)_device).Yield(TimeSpan.FromSeconds(60));
        Assert.True((await _device.Status()).Yielding);
        ((IYieldingDevice)_device).Yield(TimeSpan.Zero);
        Assert.False((await _device.Status()).Yielding);
    }

    [Fact]
    public async Task A_turn_that_comes_in_time_adopts_the_reply()
    {
        await _device.Listen(Draft("a", "Tell me a joke"), speculate: true);
        _time.Advance(TimeSpan.FromSeconds(20));
        await Say("a", "Tell me a joke");
        _time.Advance(TimeSpan.FromSeconds(60));
        var listening = (await _device.Status()).Listening!;
        Assert.Equal((1, 0), (listening.Adopted, listening.WastedTokens));
    }

    [Fact]
    public async Task Drafts_that_nobody_followed_up_do_not_end_listening_for_others()
    {
        for (var i = 0; i < 256; i++)
        {
            await Listened($"c{i}", i + 1);
        }

        await _device.Listen(Draft("one too many", "hello"), speculate: false);
        Assert.Equal(256, (await _device.Status()).Listening!.Drafts);
        _time.Advance(TimeSpan.FromSeconds(31));
        await Listened("next", 257);

        async Task Listened(string id, int read)
        {
            await _device.Listen(Draft(id, "hello"), speculate: false);
            await Until(status => status.Listening!.Drafts == read, () => _engine.Status is { Running: 0, Waiting: 0 });
        }
    }

    private async Task<DeviceFinished> Say(string id, string text)
    {
        DeviceFinished? finished = null;
        await foreach (var e in _device.Generate(Draft(id, text)))
        {
            finished = e as DeviceFinished ?? finished;
        }

        return finished!;
    }

    private async Task Until(Func<DeviceStatus, bool> status, Func<bool> engine)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!engine() || !status(await _device.Status()))
        {
            await Task.Delay(1, patience.Token);
        }
    }

    private static DeviceRequest Draft(string id, string text) => new()
    {
        ConversationId = id,
        Messages = [System, new ChatMessage(ChatMessage.User, text)],
        Sampling = new SamplingOptions { MaxTokens = 400, Temperature = 0, IgnoreEnd = true },
    };
}

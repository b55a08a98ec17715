using HybridConversations.Devices;
using HybridConversations.Inference.Engine;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Tests.Devices;

/// <summary>How long replies are when nobody says, and prompts that no template writes, on a whole device over the simulated model, which never ends by itself when asked not to.</summary>
public sealed class DeviceLimitTests : IAsyncLifetime
{
    private const int Context = 1500;
    private InferenceEngine _engine = null!;
    private LocalDevice _device = null!;

    public Task InitializeAsync()
    {
        var backend = new SimulatedBackend(new() { Cells = 4 * Context, MaxSequences = 4 });
        _engine = new InferenceEngine(backend, new EngineOptions { MaxTokensPerSequence = Context }, TimeProvider.System, NullLogger<InferenceEngine>.Instance);
        _device = new LocalDevice(_engine, new DeviceOptions { DeviceId = "test" }, TimeProvider.System);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Without_a_limit_a_reply_goes_on_to_the_end_of_the_context_and_says_that_it_was_cut()
    {
        var (usage, reason, _) = await Ask(new() { Messages = [new(ChatMessage.User, "Hi")], Sampling = new() { IgnoreEnd = true } });
        Assert.Equal((Context, FinishReason.Length), (usage.PromptTokens + usage.CompletionTokens, reason));
    }

    [Fact]
    public async Task A_conversation_and_a_deadline_keep_the_models_own_limit()
    {
        var spoken = await Ask(new() { ConversationId = "c", Messages = [new(ChatMessage.User, "Hi")], Sampling = new() { IgnoreEnd = true } });
        Assert.Equal(_device.Defaults.MaxTokens, spoken.Usage.CompletionTokens);
        var hurried = await Ask(new() { Messages = [new(ChatMessage.User, "Hi")], DeadlineMs = 3_600_000, Sampling = new() { IgnoreEnd = true } });
        Assert.Equal(_device.Defaults.MaxTokens, hurried.Usage.CompletionTokens);
    }

    [Fact]
    public async Task A_limit_of_nothing_reads_the_prompt_and_says_nothing()
    {
        var (usage, reason, text) = await Ask(new() { Messages = [new(ChatMessage.User, "Hi")], Sampling = new() { MaxTokens = 0 } });
        Assert.Equal((0, "", FinishReason.Length), (usage.CompletionTokens, text, reason));
        Assert.True(usage.PromptTokens > 0);
    }

    [Fact]
    public async Task A_raw_prompt_is_read_as_it_is()
    {
        const string Prompt = "Once upon a time";
        var (usage, _, text) = await Ask(new() { Messages = [], RawPrompt = Prompt, Sampling = new() { MaxTokens = 8, Temperature = 0 } });
        Assert.Equal(_device.Tokenize(Prompt, begin: true, parseControl: true).Count, usage.PromptTokens);
        Assert.Equal(SimulatedModel.Reply(Prompt, 8), text);
    }

    [Fact]
    public void Tokens_and_text_are_each_others_mirror()
    {
        Assert.Equal("Grüße, 世界", _device.Detokenize(_device.Tokenize("Grüße, 世界", begin: false, parseControl: false)));
        Assert.Contains("There is no token", Assert.Throws<ProblemException>(() => _device.Detokenize([int.MaxValue])).Message, StringComparison.Ordinal);
    }

    private async Task<(TokenUsage Usage, FinishReason Reason, string Text)> Ask(DeviceRequest request)
    {
        var events = await _device.Generate(request).ToListAsync();
        var finished = Assert.IsType<DeviceFinished>(events[^1]);
        return (finished.Usage, finished.FinishReason, string.Concat(events.OfType<DeviceText>().Select(piece => piece.Text)));
    }
}

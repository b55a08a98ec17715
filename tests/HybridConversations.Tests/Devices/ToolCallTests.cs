using System.Text.Json;
using HybridConversations.Devices;
using HybridConversations.Inference.Engine;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Tests.Devices;

/// <summary>Calls on a whole device over the simulated model, which knows nothing of them and says letters at random.</summary>
public sealed class ToolCallTests : IAsyncLifetime
{
    private static readonly ToolDefinition[] Tools =
    [
        new("set_lamp", "Switches a lamp", """{"type":"object","properties":{"on":{"type":"boolean"},"room":{"enum":["hall","bath"]}},"required":["on","room"]}"""),
        new("now", "The time"),
    ];

    private InferenceEngine _engine = null!;
    private LocalDevice _device = null!;

    public Task InitializeAsync()
    {
        _engine = new InferenceEngine(new SimulatedBackend(new() { Cells = 65_536, MaxSequences = 8 }), new EngineOptions(), TimeProvider.System, NullLogger<InferenceEngine>.Instance);
        _device = new LocalDevice(_engine, new DeviceOptions { DeviceId = "test" }, TimeProvider.System);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task A_named_function_is_called_with_arguments_of_its_schema()
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var events = await Ask(new() { Messages = [new(ChatMessage.User, $"Light {seed}")], Tools = Tools, ToolChoice = ToolChoice.Named("set_lamp"), ParallelToolCalls = false });
            Assert.Equal("set_lamp", Assert.Single(events.OfType<DeviceToolCall>()).Name);
            var arguments = JsonElement.Parse(string.Concat(events.OfType<DeviceToolArguments>().Select(piece => piece.Text)));
            arguments.GetProperty("on").GetBoolean();
            Assert.Contains(arguments.GetProperty("room").GetString(), (string[])["hall", "bath"]);
            Assert.Empty(events.OfType<DeviceText>());
            Assert.Equal(FinishReason.ToolCalls, Assert.IsType<DeviceFinished>(events[^1]).FinishReason);
        }
    }

    [Fact]
    public async Task A_call_that_is_required_comes_whichever_it_is_and_one_that_is_not_allowed_never_does()
    {
        var any = await Ask(new() { Messages = [new(ChatMessage.User, "Do")], Tools = Tools, ToolChoice = ToolChoice.Required, ParallelToolCalls = false });
        Assert.Single(any.OfType<DeviceToolCall>());
        var allowed = await Ask(new() { Messages = [new(ChatMessage.User, "Do")], Tools = Tools, ToolChoice = new(ToolChoiceMode.Required, ["now"]), ParallelToolCalls = false });
        Assert.Equal("now", Assert.Single(allowed.OfType<DeviceToolCall>()).Name);
        var none = await Ask(new() { Messages = [new(ChatMessage.User, "Do")], Tools = Tools, ToolChoice = ToolChoice.None });
        Assert.Empty(none.OfType<DeviceToolCall>());
        Assert.NotEmpty(none.OfType<DeviceText>());
    }

    [Fact]
    public async Task A_schema_that_cannot_be_enforced_is_refused_where_it_is_strict_and_any_object_where_it_is_not()
    {
        var tool = new ToolDefinition("f", null, """{"type":"object","properties":{"a":{"type":"string","pattern":"(?=x)y"}}}""");
        var request = new DeviceRequest { Messages = [new(ChatMessage.User, "Do")], Tools = [tool with { Strict = true }] };
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Ask(request));
        Assert.Contains("'f'", refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(await Ask(request with { Tools = [tool] }));
    }

    [Fact]
    public async Task A_call_stays_with_its_result_when_a_conversation_outgrows_its_window()
    {
        List<ChatMessage> messages = [];
        for (var turn = 0; turn < 60; turn++)
        {
            messages.Add(new(ChatMessage.User, $"Question {turn} {new string('x', 600)}"));
            messages.Add(new(ChatMessage.Assistant, "") { ToolCalls = [new($"c{turn}", "now", "{}")] });
            messages.Add(new(ChatMessage.Tool, $"result {turn}") { ToolCallId = $"c{turn}" });
            messages.Add(new(ChatMessage.Assistant, "Done."));
        }

        var device = new LocalDevice(_engine, new DeviceOptions { DeviceId = "small", ConversationTokens = 8000 }, TimeProvider.System);
        var request = new DeviceRequest { ConversationId = "c", Messages = messages[..^1], Tools = Tools, Sampling = new() { MaxTokens = 5 } };
        var finished = Assert.IsType<DeviceFinished>((await Ask(request, device))[^1]);
        Assert.True(finished.DroppedMessages > 0);
        Assert.Equal(0, finished.DroppedMessages % 4);
    }

    private async Task<List<DeviceEvent>> Ask(DeviceRequest request, LocalDevice? device = null)
    {
        var events = new List<DeviceEvent>();
        await foreach (var e in (device ?? _device).Generate(request))
        {
            events.Add(e);
        }

        return events;
    }
}

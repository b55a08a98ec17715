using System.Collections.Concurrent;
using HybridConversations.Conversations;
using HybridConversations.Devices;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.Templates;
using HybridConversations.InProcess;
using HybridConversations.Storage;
using HybridConversations.Tests.Common;
using HybridConversations.Tests.Conversations;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Tests.Devices;

/// <summary>A whole conversation over a whole device with a model that thinks for ever, until its thought is closed.</summary>
public sealed class ThinkingTurnTests : IAsyncLifetime
{
    // As Qwen3's: a thought that is not wanted is written empty; earlier ones are shown with calls only.
    private const string Template = """
        {%- for message in messages -%}
        {{- '<|im_start|>' + message.role + '\n' -}}
        {%- if message.reasoning_content -%}{{- '<think>\n' + message.reasoning_content + '\n</think>\n\n' -}}{%- endif -%}
        {{- message.content + '<|im_end|>\n' -}}
        {%- endfor -%}
        {%- if add_generation_prompt -%}{{- '<|im_start|>assistant\n' -}}
        {%- if enable_thinking is defined and enable_thinking is false -%}{{- '<think>\n\n</think>\n\n' -}}{%- endif -%}{%- endif -%}
        """;

    private const string Opening = "<think>\n";
    private const string Endless = "hm. ";
    private const string Answer = "Yes. It is.";
    private const string Assistant = "assistant\n";

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _seen = new();
    private SqliteConversationStore _store = null!;
    private InferenceEngine _engine = null!;
    private Conversation _conversation = null!;

    public Task InitializeAsync()
    {
        _store = SqliteConversationStore.OpenFolder(new SqliteStoreOptions { Folder = _folder.Path });
        var backend = new SimulatedBackend(new() { Template = new ChatTemplate(Template, "", "<|im_end|>"), Next = Next });
        _engine = new InferenceEngine(backend, new EngineOptions(), TimeProvider.System, NullLogger<InferenceEngine>.Instance);
        var device = new LocalDevice(_engine, new DeviceOptions { DeviceId = "test" }, TimeProvider.System);
        _conversation = new Conversation("c", _store.Open("c"), new ConversationServices { Devices = new SingleDevicePicker(device), Memories = new SingleDeviceMemory(device) });
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_budget_closes_the_thought_and_the_answer_begins()
    {
        var events = await Say("t1", new ReasoningOptions { BudgetTokens = 20 });

        var thought = string.Concat(events.OfType<ReplyReasoning>().Select(e => e.Text));
        Assert.StartsWith(Endless, thought.TrimStart('\n'), StringComparison.Ordinal);
        Assert.InRange(thought.Length, Endless.Length, 24);
        Assert.Equal((20, Answer), (events.Completed().Usage.ReasoningTokens, events.Completed().Text));
        Assert.Equal(["Yes.", "It is."], events.OfType<ReplySentence>().Select(e => e.Text));
        Assert.True(events.IndexOf(events.OfType<ReplyReasoning>().Last()) < events.IndexOf(events.OfType<ReplyText>().First()));

        _seen.Clear();
        events = await Say("t2", null);
        Assert.Empty(events.OfType<ReplyReasoning>());
        Assert.Equal(Answer, events.Completed().Text);
        Assert.NotEmpty(_seen);
        Assert.DoesNotContain(_seen, prompt => prompt.Contains(Endless, StringComparison.Ordinal));
        Assert.Equal(thought, (await _store.Open("c").FindTurn("t1"))!.Reasoning);
        Assert.Null((await _store.Open("c").FindTurn("t2"))!.Reasoning);
    }

    [Theory]
    [InlineData("none")]
    [InlineData(null)]
    public async Task Who_does_not_want_it_waits_for_none(string? effort)
    {
        var events = await Say("t1", effort is null ? null : new ReasoningOptions { Effort = effort });
        Assert.Empty(events.OfType<ReplyReasoning>());
        Assert.Equal((Answer.Length, 0), (events.Completed().Usage.CompletionTokens, events.Completed().Usage.ReasoningTokens));
    }

    private Task<List<ReplyEvent>> Say(string turnId, ReasoningOptions? reasoning) => _conversation.Say(new Turn
    {
        TurnId = turnId,
        Text = "Is it?",
        Reasoning = reasoning,
        Sampling = new SamplingOptions { Temperature = 0, MaxTokens = 200 },
    }).ToList();

    private int? Next(IReadOnlyList<int> tokens)
    {
        var text = string.Concat(tokens.Select(token => token < 256 ? $"{(char)token}" : "\u0001"));
        _seen.Enqueue(text);
        var reply = text[(text.LastIndexOf(Assistant, StringComparison.Ordinal) + Assistant.Length)..];
        var close = reply.LastIndexOf("</think>", StringComparison.Ordinal);
        if (close < 0)
        {
            return reply.Length < Opening.Length ? Opening[reply.Length] : Endless[(reply.Length - Opening.Length) % Endless.Length];
        }

        var said = reply[(close + "</think>".Length)..].TrimStart('\n');
        return said.Length < Answer.Length ? Answer[said.Length] : SimulatedModel.MessageEnd;
    }
}

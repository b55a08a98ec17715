using System.Text.Json;
using HybridConversations.Cloud;
using HybridConversations.Escalations;
using HybridConversations.Escalations.Ledger;
using HybridConversations.Escalations.Ledger.Sqlite;
using HybridConversations.Escalations.Settings;
using HybridConversations.Tests.Common.MisbehavingCloud;
using HybridConversations.Tests.Escalations;

namespace HybridConversations.Tests.Cloud;

/// <summary>Tools on their way to the cloud and back: a compatible server, an Azure resource's deployment, and Azure's v1 address, through the official SDKs.</summary>
public sealed class CloudToolTests : AzureServerTests
{
    private static readonly ToolDefinition Weather = new("get_weather", "The weather.", """{"type":"object","properties":{"city":{"type":"string"}}}""") { Strict = true };
    private static readonly ToolDefinition Time = new("get_time");

    private static readonly string[] TwoCalls =
    [
        """{"content":"Let me look. "}""",
        """{"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"get_weather","arguments":""}}]}""",
        """{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":\"\ud83d"}}]}""",
        """{"tool_calls":[{"index":0,"function":{"arguments":"\ude00\"}"}}]}""",
        """{"tool_calls":[{"index":1,"id":"call_b","type":"function","function":{"name":"get_time","arguments":""}}]}""",
    ];

    [Theory]
    [InlineData("compatible")]
    [InlineData("resource")]
    [InlineData("v1")]
    public async Task Calls_come_back_whole_and_their_results_go_out(string kind)
    {
        Server.Next(new Misbehaviour { Deltas = TwoCalls, Finish = "tool_calls" });
        var request = CloudFixture.Request() with { Tools = [Weather, Time], ToolChoice = ToolChoice.Required, ParallelToolCalls = false };

        var (events, tried) = await Ask(Options(kind), request);

        Assert.Equal("Let me look. ", string.Concat(events.OfType<EscalationText>().Select(e => e.Text)));
        Assert.Equal([new ToolCall("call_a", "get_weather", "{\"city\":\"😀\"}"), new ToolCall("call_b", "get_time", "{}")], events.OfType<EscalationToolCall>().Select(e => e.Call));
        Assert.Equal(FinishReason.ToolCalls, Assert.IsType<EscalationFinished>(events[^1]).FinishReason);
        Assert.Equal((LedgerState.Settled, TwoCalls.Length), (tried.State, tried.Tokens.Output));
        var body = Server.Calls[0].Json;
        var tools = body.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("function")).ToList();
        Assert.Equal(["get_weather", "get_time"], tools.Select(tool => tool.GetProperty("name").GetString()));
        Assert.True(tools[0].GetProperty("strict").GetBoolean());
        Assert.Equal("string", tools[0].GetProperty("parameters").GetProperty("properties").GetProperty("city").GetProperty("type").GetString());
        Assert.Equal(("required", false), (body.GetProperty("tool_choice").GetString(), body.GetProperty("parallel_tool_calls").GetBoolean()));

        Server.Next(Misbehaviour.Answer("Five."));
        ChatMessage[] history =
        [
            .. request.Messages,
            new(ChatMessage.Assistant, "I was saying."),
            new(ChatMessage.Assistant, "") { ToolCalls = [new ToolCall("call_a", "get_weather", "{}")] },
            new(ChatMessage.Tool, "5 °C") { ToolCallId = "call_a", Name = "get_weather" },
        ];
        await Ask(Options(kind), request with { Messages = history, ToolChoice = ToolChoice.Auto, ParallelToolCalls = true });
        body = Server.Calls[1].Json;
        var messages = body.GetProperty("messages").EnumerateArray().ToList();
        Assert.Equal(["system", "user", "assistant", "tool"], messages.Select(message => message.GetProperty("role").GetString()));
        var call = messages[2].GetProperty("tool_calls")[0];
        Assert.Equal(("call_a", "get_weather", "{}"), (call.GetProperty("id").GetString(), call.GetProperty("function").GetProperty("name").GetString(), call.GetProperty("function").GetProperty("arguments").GetString()));
        Assert.Contains("I was saying.", messages[2].GetProperty("content").ToString(), StringComparison.Ordinal);
        Assert.Equal(("call_a", "5 °C"), (messages[3].GetProperty("tool_call_id").GetString(), Text(messages[3].GetProperty("content"))));
        Assert.False(body.TryGetProperty("parallel_tool_calls", out _));
        Assert.False(body.TryGetProperty("tool_choice", out _));
    }

    [Theory]
    [InlineData("none", "none")]
    [InlineData("named", "get_time")]
    [InlineData("allowed", "get_time")]
    public async Task A_choice_goes_out_as_the_api_knows_it(string choice, string expected)
    {
        await Ask(Options("compatible"), CloudFixture.Request() with
        {
            Tools = [Weather, Time],
            ToolChoice = choice switch { "none" => ToolChoice.None, "named" => ToolChoice.Named("get_time"), _ => new ToolChoice(ToolChoiceMode.Auto, ["get_time"]) },
        });
        var body = Server.Calls[0].Json;
        Assert.Equal(choice == "none" ? 2 : 1, body.GetProperty("tools").GetArrayLength());
        Assert.Contains(expected, choice == "allowed" ? body.GetProperty("tools").GetRawText() : body.GetProperty("tool_choice").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arguments_that_are_no_json_are_no_call()
    {
        Server.Next(new Misbehaviour { Deltas = ["""{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"get_weather","arguments":"{\"city\":"}}]}"""], Finish = "tool_calls" });
        var problem = (await Assert.ThrowsAsync<ProblemException>(() => Ask(Options("compatible"), CloudFixture.Request() with { Tools = [Weather] }))).Problem;
        Assert.Equal(ProblemCodes.CloudFailed, problem.Code);
        Assert.Contains("no JSON object", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_that_breaks_off_behind_its_words_has_no_calls()
    {
        Server.Next(new Misbehaviour { Deltas = TwoCalls, EndAfter = 3 });
        var (events, _) = await Ask(Options("compatible"), CloudFixture.Request() with { Tools = [Weather] });
        Assert.Empty(events.OfType<EscalationToolCall>());
        Assert.Equal(FinishReason.Cut, Assert.IsType<EscalationFinished>(events[^1]).FinishReason);
    }

    [Fact]
    public async Task Tools_count_in_the_window_and_in_what_is_reserved()
    {
        var large = new ToolDefinition("large", new string('x', 4_000));
        var options = Options("compatible") with { Window = 1_500, MaxOutputTokens = 500 };
        var problem = (await Assert.ThrowsAsync<ProblemException>(() => Ask(options, CloudFixture.Request() with { Tools = [large] }))).Problem;
        Assert.Contains("fit the window", problem.Detail, StringComparison.Ordinal);
        Assert.Empty(Server.Calls);
    }

    private static string? Text(JsonElement content) => content.ValueKind == JsonValueKind.Array ? content[0].GetProperty("text").GetString() : content.GetString();

    private CloudOptions Options(string kind) => kind == "compatible"
        ? AzureOptions(v1: true) with { Name = "test-cloud", Kind = CloudKind.Compatible, BaseAddress = Server.BaseAddress, Model = "big-model" }
        : AzureOptions(v1: kind == "v1") with { Name = "test-cloud" };

    private async Task<(List<EscalationEvent> Events, LedgerTry Try)> Ask(CloudOptions options, EscalationRequest request)
    {
        await using var ledger = new SqliteCostLedger(Folder.Path);
        using var model = new OpenAiCloudModel(options, new Secret(CloudFixture.Key));
        var events = new List<EscalationEvent>();
        await foreach (var e in new Escalation(options, model, ledger).Ask(request))
        {
            events.Add(e);
        }

        return (events, (await ledger.Tries(1))[0]);
    }
}

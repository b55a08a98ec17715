using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using AiMessage = Microsoft.Extensions.AI.ChatMessage;

namespace HybridConversations.Client.Tests;

/// <summary>What others build on a chat client runs functions over real conversations, through the real web server: each function once, each message stored once.</summary>
public sealed class FunctionInvocationTests : IAsyncLifetime
{
    private readonly StoredConversations _there = new();
    private readonly List<string> _asked = [];
    private TestServer _server = null!;
    private HttpClient _http = null!;
    private ConversationsChatClient _client = null!;
    private AIFunction _weather = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.Start();
        _server.Machine.Real = _there.Conversations;
        _http = HttpConversations.CreateClient(_server.Address);
        _client = new ConversationsChatClient(new HttpConversations(_http));
        _weather = AIFunctionFactory.Create(
            (string city) =>
            {
                _asked.Add(city);
                return new { city, celsius = 5 };
            },
            "get_weather", "The weather in a city.");
        _there.Device.Answer = device =>
        {
            if (device.Request.Messages[^1] is { Role: ChatMessage.Tool } result)
            {
                device.Say($"It is: {result.Content}.");
                device.Finish();
            }
            else
            {
                device.Say("Let me look.");
                device.Call($"call{_there.Device.Generations}", "get_weather", """{"city":"Oslo"}""");
                device.Finish(FinishReason.ToolCalls);
            }
        };
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        await _there.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task UseFunctionInvocation_runs_the_function_and_the_model_hears_what_it_brought(bool streams)
    {
        using var client = new ChatClientBuilder(_client).UseFunctionInvocation().Build();
        var options = new ChatOptions
        {
            Tools = [_weather],
            AdditionalProperties = new AdditionalPropertiesDictionary { [ConversationsChatClient.TurnIdProperty] = "t1" },
        };
        AiMessage[] said = [new(ChatRole.User, "weather in Oslo?")];
        var response = streams ? await client.GetStreamingResponseAsync(said, options).ToChatResponseAsync() : await client.GetResponseAsync(said, options);

        Assert.Equal(["Oslo"], _asked);
        Assert.EndsWith("""It is: {"city":"Oslo","celsius":5}.""", response.Text, StringComparison.Ordinal);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        var page = (await _there.Conversations.Get(response.ConversationId!).Read(0, 10))!;
        Assert.Equal(["t1", "t1:call1"], page.Turns.Select(turn => turn.TurnId));
        Assert.Equal(["weather in Oslo?", ""], page.Turns.Select(turn => turn.User));
        Assert.Null(page.OpenCalls);
        var tool = Assert.Single(page.Tools!);
        Assert.Equal(("get_weather", "The weather in a city."), (tool.Name, tool.Description));
        Assert.Contains("\"city\"", tool.Parameters!, StringComparison.Ordinal);

        // Said again as it was, nothing runs twice.
        options.ConversationId = response.ConversationId;
        var again = await client.GetResponseAsync(said, options);
        Assert.EndsWith("""It is: {"city":"Oslo","celsius":5}.""", again.Text, StringComparison.Ordinal);
        Assert.Equal(2, (await _there.Conversations.Get(response.ConversationId!).Read(0, 10))!.Turns.Count);
        Assert.Equal(2, _there.Device.Generations);
    }

    [Fact]
    public async Task Who_calls_by_hand_sends_the_result_with_the_conversations_id()
    {
        var asked = await _client.GetResponseAsync([new AiMessage(ChatRole.User, "weather in Oslo?")], new ChatOptions
        {
            Tools = [_weather],
            ToolMode = ChatToolMode.RequireSpecific("get_weather"),
            AllowMultipleToolCalls = false,
        });
        var call = Assert.Single(asked.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>());
        Assert.Equal(("call1", "get_weather", "Oslo", ChatFinishReason.ToolCalls), (call.CallId, call.Name, call.Arguments!["city"]!.ToString(), asked.FinishReason));
        Assert.Equal(("get_weather", false), (_there.Device.LastRequest!.ToolChoice.Allowed!.Single(), _there.Device.LastRequest.ParallelToolCalls));
        await _there.Restart();
        _server.Machine.Real = _there.Conversations;

        var result = new AiMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, "5 °C")]);
        var options = new ChatOptions { ConversationId = asked.ConversationId };
        var answered = await _client.GetResponseAsync([result], options);
        Assert.Equal("It is: 5 °C.", answered.Text);
        Assert.Equal("It is: 5 °C.", (await _client.GetResponseAsync([result], options)).Text);
        Assert.Equal(2, _there.Device.Generations);
    }

    [Fact]
    public async Task Thoughts_come_as_reasoning_and_are_not_the_text()
    {
        _there.Device.Answer = device =>
        {
            device.Think("Hmm.");
            device.Say("Yes.");
            device.Finish();
        };
        var options = new ChatOptions { Reasoning = new Microsoft.Extensions.AI.ReasoningOptions { Effort = ReasoningEffort.Low } };
        var response = await _client.GetResponseAsync([new AiMessage(ChatRole.User, "why")], options);
        Assert.Equal("Yes.", response.Text);
        Assert.Equal("Hmm.", Assert.Single(response.Messages.SelectMany(message => message.Contents).OfType<TextReasoningContent>()).Text);
        Assert.Equal("low", _there.Device.LastRequest!.Reasoning.Effort);
    }

    [Fact]
    public async Task An_agent_of_the_Agent_Framework_runs_functions_and_goes_on_in_its_session()
    {
        var agent = new ChatClientAgent(_client, "Be brief.", "weather", tools: [_weather]);
        var session = await agent.CreateSessionAsync();
        var first = await agent.RunAsync("weather in Oslo?", session);
        Assert.EndsWith("""It is: {"city":"Oslo","celsius":5}.""", first.Text, StringComparison.Ordinal);
        _there.Device.Answer = device =>
        {
            device.Say("You're welcome.");
            device.Finish();
        };
        Assert.Equal("You're welcome.", (await agent.RunAsync("thanks", session)).Text);

        var turns = (await _there.Conversations.List(null, 10)).Conversations.Single();
        Assert.Equal(3, turns.Turns);
        Assert.Equal(
            ["system", "user", "assistant", "tool", "assistant", "user"], _there.Device.LastRequest!.Messages.Select(message => message.Role));
        Assert.Equal(["Oslo"], _asked);
    }
}

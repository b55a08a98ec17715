using System.Text.Json;

namespace HybridConversations.Http.Tests.Ollama;

public sealed class OllamaTests
{
    [Fact]
    public async Task A_chat_streams_lines_and_the_last_says_how_it_ended()
    {
        await using var server = await TestServer.Start();
        using var response = await server.Post("/api/chat", """{"model":"any","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"one two"}]}""");
        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType?.MediaType);
        var lines = await Lines(response);
        Assert.All(lines, line => Assert.Equal("scripted-model:latest", line.GetProperty("model").GetString()));
        Assert.Equal("one two", string.Concat(lines.Select(line => line.GetProperty("message").GetProperty("content").GetString())));
        Assert.All(lines.SkipLast(1), line => Assert.False(line.GetProperty("done").GetBoolean()));
        var last = lines[^1];
        Assert.Equal((true, "stop"), (last.GetProperty("done").GetBoolean(), last.GetProperty("done_reason").GetString()));
        Assert.True(last.GetProperty("eval_count").GetInt32() > 0);
        Assert.Equal(["system", "user"], Assert.Single(server.Machine.Model.Requests).Messages.Select(message => message.Role));
    }

    [Fact]
    public async Task A_prompt_is_answered_whole()
    {
        await using var server = await TestServer.Start();
        var answer = await Json(await server.Post("/api/generate", """{"model":"any","system":"Be brief.","prompt":"one two","stream":false,"options":{"num_predict":7,"temperature":0.5,"seed":3,"stop":["x"],"num_ctx":8192}}"""));
        Assert.Equal("one two", answer.GetProperty("response").GetString());
        var sampling = Assert.Single(server.Machine.Model.Requests).Sampling;
        Assert.Equal((7, 0.5, 3L, "x"), (sampling.MaxTokens, sampling.Temperature, sampling.Seed, Assert.Single(sampling.Stop)));
    }

    [Fact]
    public async Task Without_a_limit_a_reply_may_fill_the_context()
    {
        await using var server = await TestServer.Start();
        await server.Post("/api/chat", """{"messages":[{"role":"user","content":"hi"}],"options":{"num_predict":-1}}""");
        Assert.Null(Assert.Single(server.Machine.Model.Requests).Sampling.MaxTokens);
        await server.Post("/api/generate", """{"prompt":"as it is","raw":true}""");
        Assert.Equal("as it is", server.Machine.Model.Requests.Last().RawPrompt);
    }

    [Fact]
    public async Task Calls_are_told_whole_with_arguments_as_an_object()
    {
        await using var server = await TestServer.Start();
        server.Machine.Model.Reply = (_, _) => Calls();
        using var response = await server.Post("/api/chat", """
            {"messages":[{"role":"user","content":"weather?"}],"tools":[{"type":"function","function":{"name":"weather","description":"d","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}]}
            """);
        var lines = await Lines(response);
        var call = Assert.Single(lines, line => line.GetProperty("message").TryGetProperty("tool_calls", out _)).GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function");
        Assert.Equal(("weather", "Oslo"), (call.GetProperty("name").GetString(), call.GetProperty("arguments").GetProperty("city").GetString()));
        Assert.Equal("Hm.", string.Concat(lines.Select(line => line.GetProperty("message").TryGetProperty("thinking", out var thought) ? thought.GetString() : "")));
        var tool = Assert.Single(Assert.Single(server.Machine.Model.Requests).Tools);
        Assert.Equal(("weather", "d"), (tool.Name, tool.Description));
        Assert.Contains("city", tool.Parameters);
    }

    [Fact]
    public async Task Results_find_their_calls_without_ids()
    {
        await using var server = await TestServer.Start();
        await server.Post("/api/chat", """
            {"stream":false,"messages":[{"role":"user","content":"weather?"},
             {"role":"assistant","content":"","tool_calls":[{"function":{"name":"a","arguments":{"x":1}}},{"function":{"name":"b","arguments":"{\"y\":2}"}}]},
             {"role":"tool","tool_name":"b","content":"2"},{"role":"tool","content":"1"}]}
            """);
        var messages = Assert.Single(server.Machine.Model.Requests).Messages;
        Assert.Equal([("a", """{"x":1}"""), ("b", """{"y":2}""")], messages[1].ToolCalls.Select(call => (call.Name, call.Arguments)));
        Assert.Equal([messages[1].ToolCalls[1].CallId, messages[1].ToolCalls[0].CallId], messages.Skip(2).Select(message => message.ToolCallId));
    }

    [Theory]
    [InlineData("""{"format":"json"}""", "object")]
    [InlineData("""{"format":{"type":"object","properties":{"age":{"type":"integer"}}}}""", "age")]
    public async Task A_format_is_a_schema(string body, string expected)
    {
        await using var server = await TestServer.Start();
        await server.Post("/api/chat", body[..^1] + ""","messages":[{"role":"user","content":"hi"}]}""");
        Assert.Contains(expected, Assert.Single(server.Machine.Model.Requests).Sampling.JsonSchema);
    }

    [Theory]
    [InlineData("true", true, null)]
    [InlineData("false", false, null)]
    [InlineData("\"high\"", true, "high")]
    public async Task Thinking_is_asked_for(string think, bool enabled, string? effort)
    {
        await using var server = await TestServer.Start();
        await server.Post("/api/chat", $$"""{"think":{{think}},"messages":[{"role":"user","content":"hi"}]}""");
        var reasoning = Assert.Single(server.Machine.Model.Requests).Reasoning;
        Assert.Equal((enabled, effort), (reasoning.Enabled, reasoning.Effort));
    }

    [Theory]
    [InlineData("/api/chat", """{"model":"m","messages":[]}""", "load")]
    [InlineData("/api/chat", """{"model":"m","messages":[],"keep_alive":0}""", "unload")]
    [InlineData("/api/generate", """{"model":"m","keep_alive":"5m"}""", "load")]
    public async Task Who_says_nothing_wants_the_model_loaded(string path, string body, string reason)
    {
        await using var server = await TestServer.Start();
        var answer = await Json(await server.Post(path, body));
        Assert.Equal((true, reason), (answer.GetProperty("done").GetBoolean(), answer.GetProperty("done_reason").GetString()));
        Assert.Empty(server.Machine.Model.Requests);
    }

    [Theory]
    [InlineData("/api/chat", """{"messages":[{"role":"user","content":"x","images":["aGk="]}]}""", 400, "images")]
    [InlineData("/api/chat", """{"messages":[{"role":"wizard","content":"x"}]}""", 400, "wizard")]
    [InlineData("/api/chat", """{"messages":[1]}""", 400, "messages[0]")]
    [InlineData("/api/chat", """{"messages":[{"role":"user","content":"x"}],"tools":[{}]}""", 400, "tools[0]")]
    [InlineData("/api/chat", """{"messages":[{"role":"user","content":"x"}],"format":7}""", 400, "format")]
    [InlineData("/api/generate", """{"prompt":"x","template":"{{ .Prompt }}"}""", 400, "template")]
    [InlineData("/api/generate", """{"prompt":"x","raw":true,"system":"y"}""", 400, "system")]
    [InlineData("/api/generate", "[]", 400, "object")]
    [InlineData("/api/show", """{"model":"other"}""", 404, "not found")]
    [InlineData("/api/embed", """{"input":"x"}""", 501, "embedding")]
    [InlineData("/api/pull", """{"model":"x"}""", 501, "hc models pull")]
    public async Task Errors_are_in_ollamas_form(string path, string body, int status, string word)
    {
        await using var server = await TestServer.Start();
        using var response = await server.Post(path, body);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(word, (await Json(response)).GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_device_that_breaks_off_says_so_in_a_line()
    {
        await using var server = await TestServer.Start();
        server.Machine.Model.Reply = (_, _) => Breaks();
        using var response = await server.Post("/api/chat", """{"messages":[{"role":"user","content":"x"}]}""");
        Assert.Contains("full", (await Lines(response))[^1].GetProperty("error").GetString());
    }

    private static async IAsyncEnumerable<DeviceEvent> Calls()
    {
        await Task.Yield();
        yield return new DeviceReasoning("Hm.");
        yield return new DeviceToolCall(0, "call_1", "weather");
        yield return new DeviceToolArguments(0, """{"city":""", IsEnd: false);
        yield return new DeviceToolArguments(0, "\"Oslo\"}", IsEnd: true);
        yield return HybridConversations.Tests.Common.Scripted.ScriptedModelDevice.Finished(9);
    }

    private static async IAsyncEnumerable<DeviceEvent> Breaks()
    {
        await Task.Yield();
        yield return new DeviceText("so ");
        throw new ProblemException(ProblemCodes.Overload("The queue is full.", 1000));
    }

    private static async Task<JsonElement> Json(HttpResponseMessage response) => JsonElement.Parse(await response.Content.ReadAsStringAsync());

    private static async Task<List<JsonElement>> Lines(HttpResponseMessage response) =>
        [.. (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
}

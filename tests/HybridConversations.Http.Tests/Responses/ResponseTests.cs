using System.Text.Json;
using System.Text.Json.Nodes;
using HybridConversations.Tests.Common.Scripted;

namespace HybridConversations.Http.Tests.Responses;

public sealed class ResponseTests
{
    [Fact]
    public async Task A_stream_tells_every_event_in_order()
    {
        await using var stored = await StoredServer.Start();
        var server = stored.Server;
        using var response = await server.Post("/v1/responses", """{"model":"m","input":"one two","stream":true}""");
        var events = await ServerSentEvents.ReadAll(response);
        Assert.Equal(
            ["response.created", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.output_text.delta", "response.output_text.delta",
                "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed"],
            events.Select(e => e.Name));
        Assert.All(events, e => Assert.Equal(e.Name, e.Data.GetProperty("type").GetString()));
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(e => e.Data.GetProperty("sequence_number").GetInt32()));
        var last = events[^1].Data.GetProperty("response");
        Assert.Equal(("completed", "one two"), (last.GetProperty("status").GetString(), last.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString()));
        Assert.Equal(events[0].Data.GetProperty("response").GetProperty("id").GetString(), last.GetProperty("id").GetString());
        Assert.True(last.GetProperty("usage").GetProperty("total_tokens").GetInt32() > 0);
    }

    [Fact]
    public async Task The_next_goes_on_from_the_one_before_but_not_with_its_instructions()
    {
        await using var stored = await StoredServer.Start();
        var server = stored.Server;
        var first = await Json(await server.Post("/v1/responses", """{"input":"one","instructions":"Be brief."}"""));
        var second = await Json(await server.Post("/v1/responses", $$"""{"input":[{"role":"user","content":[{"type":"input_text","text":"two"}]}],"previous_response_id":"{{first.GetProperty("id")}}"}"""));
        var asked = server.Machine.Model.Requests.ToArray();
        Assert.Equal(["system Be brief.", "user one"], asked[0].Messages.Select(Shown));
        Assert.Equal(["user one", "assistant one", "user two"], asked[1].Messages.Select(Shown));

        // A fork: the older one is still there to go on from.
        await server.Post("/v1/responses", $$"""{"input":"three","previous_response_id":"{{first.GetProperty("id")}}"}""");
        Assert.Equal(["user one", "assistant one", "user three"], server.Machine.Model.Requests.Last().Messages.Select(Shown));

        var read = await Json(await server.Http.GetAsync($"/v1/responses/{second.GetProperty("id")}"));
        Assert.Equal(ButTheEnd(second), ButTheEnd(read));
        var items = await Json(await server.Http.GetAsync($"/v1/responses/{second.GetProperty("id")}/input_items"));
        Assert.Equal("two", items.GetProperty("data")[0].GetProperty("content")[0].GetProperty("text").GetString());
        Assert.True((await Json(await server.Http.DeleteAsync($"/v1/responses/{second.GetProperty("id")}"))).GetProperty("deleted").GetBoolean());
        Assert.Equal(404, (int)(await server.Http.GetAsync($"/v1/responses/{second.GetProperty("id")}")).StatusCode);
    }

    [Fact]
    public async Task What_shall_not_be_stored_is_not()
    {
        await using var stored = await StoredServer.Start();
        var server = stored.Server;
        var first = await Json(await server.Post("/v1/responses", """{"input":"one","store":false}"""));
        using var next = await server.Post("/v1/responses", $$"""{"input":"two","previous_response_id":"{{first.GetProperty("id")}}"}""");
        Assert.Equal(400, (int)next.StatusCode);
        Assert.Equal("previous_response_not_found", (await Json(next)).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Calls_and_thoughts_are_items_of_their_own_and_results_come_back()
    {
        await using var stored = await StoredServer.Start();
        var server = stored.Server;
        server.Machine.Model.Reply = (_, _) => Calls();
        using var response = await server.Post("/v1/responses", """
            {"input":"weather?","stream":true,"tools":[{"type":"function","name":"weather","parameters":{"type":"object"},"strict":true}],"tool_choice":{"type":"function","name":"weather"},"reasoning":{"effort":"low"}}
            """);
        var events = await ServerSentEvents.ReadAll(response);
        var output = events[^1].Data.GetProperty("response").GetProperty("output");
        Assert.Equal(["reasoning", "function_call"], output.EnumerateArray().Select(item => item.GetProperty("type").GetString()));
        Assert.Equal(("call_1", """{"city":"Oslo"}"""), (output[1].GetProperty("call_id").GetString(), output[1].GetProperty("arguments").GetString()));
        Assert.Equal("""{"city":"Oslo"}""", string.Concat(events.Where(e => e.Name == "response.function_call_arguments.delta").Select(e => e.Data.GetProperty("delta").GetString())));
        Assert.Contains(events, e => e.Name == "response.reasoning_text.done" && e.Data.GetProperty("text").GetString() == "Hm.");
        var asked = server.Machine.Model.Requests.Last();
        Assert.Equal((ToolChoiceMode.Required, "weather", true, "low"), (asked.ToolChoice.Mode, asked.ToolChoice.Allowed![0], asked.Reasoning.Enabled, asked.Reasoning.Effort));

        server.Machine.Model.Reply = ScriptedModelDevice.Echo;
        await server.Post("/v1/responses", $$"""{"previous_response_id":"{{events[0].Data.GetProperty("response").GetProperty("id")}}","input":[{"type":"function_call_output","call_id":"call_1","output":"5 degrees"}]}""");
        var messages = server.Machine.Model.Requests.Last().Messages;
        Assert.Equal("call_1", Assert.Single(messages[1].ToolCalls).CallId);
        Assert.Equal((ChatMessage.Tool, "call_1", "5 degrees"), (messages[2].Role, messages[2].ToolCallId, messages[2].Content));
    }

    [Fact]
    public async Task A_reply_at_its_limit_is_incomplete()
    {
        await using var stored = await StoredServer.Start();
        var server = stored.Server;
        server.Machine.Model.Reply = (_, _) => Long();
        var answer = await Json(await server.Post("/v1/responses", """{"input":"go","max_output_tokens":2}"""));
        Assert.Equal(("incomplete", "max_output_tokens"), (answer.GetProperty("status").GetString(), answer.GetProperty("incomplete_details").GetProperty("reason").GetString()));
        Assert.Equal(2, server.Machine.Model.Requests.Last().Sampling.MaxTokens);
    }

    [Fact]
    public async Task A_device_that_breaks_off_fails_the_response()
    {
        await using var stored = await StoredServer.Start();
        var server = stored.Server;
        server.Machine.Model.Reply = (_, _) => Breaks();
        var answer = await Json(await server.Post("/v1/responses", """{"input":"go"}"""));
        Assert.Equal(("failed", "overloaded"), (answer.GetProperty("status").GetString(), answer.GetProperty("error").GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("{}", "input")]
    [InlineData("""{"input":7}""", "input")]
    [InlineData("""{"input":[{"type":"computer_call"}]}""", "computer_call")]
    [InlineData("""{"input":[{"role":"user","content":[{"type":"input_image","image_url":"x"}]}]}""", "text only")]
    [InlineData("""{"input":"x","tools":[{"type":"web_search"}]}""", "tools[0]")]
    [InlineData("""{"input":"x","background":true,"store":false}""", "store")]
    [InlineData("""{"input":"x","conversation":"c","previous_response_id":"resp_x"}""", "excludes")]
    [InlineData("""{"input":"x","conversation":"c","store":false}""", "store")]
    [InlineData("""{"input":"x","metadata":{"a":7}}""", "metadata")]
    [InlineData("""{"input":[{"type":"item_reference","id":"msg_1"}]}""", "msg_1")]
    [InlineData("""{"input":[{"type":"function_call_output","call_id":"call_9","output":"x"}]}""", "call_9")]
    [InlineData("""{"input":"x","text":{"format":{"type":"xml"}}}""", "text.format")]
    public async Task What_is_wrong_is_named(string body, string word)
    {
        await using var stored = await StoredServer.Start();
        var server = stored.Server;
        using var response = await server.Post("/v1/responses", body);
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains(word, (await Json(response)).GetProperty("error").GetProperty("message").GetString());
    }

    internal static async IAsyncEnumerable<DeviceEvent> Calls()
    {
        await Task.Yield();
        yield return new DeviceReasoning("Hm.");
        yield return new DeviceToolCall(0, "call_1", "weather");
        yield return new DeviceToolArguments(0, """{"city":""", IsEnd: false);
        yield return new DeviceToolArguments(0, "\"Oslo\"}", IsEnd: true);
        yield return ScriptedModelDevice.Finished(9, FinishReason.ToolCalls);
    }

    private static async IAsyncEnumerable<DeviceEvent> Long()
    {
        await Task.Yield();
        yield return new DeviceText("on and on");
        yield return ScriptedModelDevice.Finished(2, FinishReason.Length);
    }

    private static async IAsyncEnumerable<DeviceEvent> Breaks()
    {
        await Task.Yield();
        yield return new DeviceText("so ");
        throw new ProblemException(ProblemCodes.Overload("The queue is full.", 1000));
    }

    /// <summary>When it was complete the stream and the record may tell a moment apart.</summary>
    private static string ButTheEnd(JsonElement response)
    {
        var document = JsonNode.Parse(response.GetRawText())!.AsObject();
        Assert.NotNull(document["completed_at"]);
        document.Remove("completed_at");
        return document.ToJsonString();
    }

    private static string Shown(ChatMessage message) => $"{message.Role} {message.Content}";

    private static async Task<JsonElement> Json(HttpResponseMessage response) => JsonElement.Parse(await response.Content.ReadAsStringAsync());
}

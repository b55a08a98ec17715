using System.Text.Json;

namespace HybridConversations.Http.Tests.Responses;

/// <summary>The kinds of requests of the Open Responses compliance suite, and what its published schemas demand of the answers.</summary>
public sealed class OpenResponsesTests
{
    private const string Weather = """[{"type":"function","name":"get_weather","description":"The weather of a place.","parameters":{"type":"object","properties":{"location":{"type":"string"}},"required":["location"]}}]""";

    [Theory]
    [InlineData("""{"model":"m","input":[{"type":"message","role":"user","content":"Say hello in three words."}]}""")]
    [InlineData("""{"model":"m","input":[{"type":"message","role":"system","content":"You are a pirate."},{"type":"message","role":"user","content":"Say hello."}]}""")]
    [InlineData("""{"model":"m","input":[{"type":"message","role":"user","content":"My name is Alice."},{"type":"message","role":"assistant","content":"Hello Alice!"},{"type":"message","role":"user","content":"What is my name?"}]}""")]
    [InlineData("""{"model":"m","input":"x","temperature":0.2,"top_p":0.5,"max_output_tokens":9,"user":"u","safety_identifier":"s","prompt_cache_key":"k","truncation":"auto","reasoning":{"effort":"none"},"metadata":{"a":"b"},"service_tier":"auto","top_logprobs":0,"max_tool_calls":3}""")]
    public async Task An_answer_has_every_member_that_the_schema_demands(string body)
    {
        await using var stored = await StoredServer.Start();
        var answer = await stored.Post("/v1/responses", body);
        Check(answer, "completed");
        var message = Assert.Single(answer.GetProperty("output").EnumerateArray());
        Assert.Equal(("message", "completed", "assistant"), (Text(message, "type"), Text(message, "status"), Text(message, "role")));
        Assert.Equal("output_text", Text(message.GetProperty("content")[0], "type"));
        Check(await stored.Get($"/v1/responses/{Text(answer, "id")}"), "completed");
    }

    [Fact]
    public async Task Every_event_of_a_stream_has_the_members_of_its_kind()
    {
        await using var stored = await StoredServer.Start();
        using var response = await stored.Server.Post("/v1/responses", """{"model":"m","input":[{"type":"message","role":"user","content":"Count from 1 to 5."}],"stream":true}""");
        Check(await ServerSentEvents.ReadAll(response));
    }

    [Fact]
    public async Task Calls_are_told_in_order_and_have_the_members_of_their_kind()
    {
        await using var stored = await StoredServer.Start();
        stored.Model.Reply = (_, _) => ResponseTests.Calls();
        using var response = await stored.Server.Post("/v1/responses", $$"""{"model":"m","input":[{"type":"message","role":"user","content":"Weather?"}],"tools":{{Weather}},"stream":true}""");
        var events = await ServerSentEvents.ReadAll(response);
        Check(events);
        string[] order = ["response.output_item.added", "response.function_call_arguments.delta", "response.function_call_arguments.done", "response.output_item.done"];
        var call = events.FindIndex(e => e.Name == order[0] && Text(e.Data.GetProperty("item"), "type") == "function_call");
        Assert.Equal(order, events.Skip(call).Take(4).Select(e => e.Name));
        var item = events[call + 3].Data.GetProperty("item");
        Assert.All((string[])["id", "call_id", "name", "arguments", "status"], name => Assert.Equal(JsonValueKind.String, item.GetProperty(name).ValueKind));
        var tool = events[^1].Data.GetProperty("response").GetProperty("tools")[0];
        Assert.Equal(["type", "name", "description", "parameters", "strict"], tool.EnumerateObject().Select(member => member.Name));
    }

    private static void Check(List<(string Name, JsonElement Data)> events)
    {
        Assert.Equal(("response.created", "response.in_progress", "response.completed"), (events[0].Name, events[1].Name, events[^1].Name));
        foreach (var ((name, data), number) in events.Select((e, number) => (e, number)))
        {
            Assert.Equal((name, number), (Text(data, "type"), data.GetProperty("sequence_number").GetInt32()));
            if (data.TryGetProperty("response", out var response))
            {
                Check(response, name is "response.completed" ? "completed" : "in_progress");
            }
            else
            {
                Assert.True(data.TryGetProperty("output_index", out _), name);
            }

            if (name.EndsWith(".delta", StringComparison.Ordinal) || name.Contains("content_part", StringComparison.Ordinal))
            {
                Assert.True(data.TryGetProperty("item_id", out _), name);
            }

            if (name.StartsWith("response.output_text", StringComparison.Ordinal))
            {
                Assert.Equal((JsonValueKind.Array, JsonValueKind.Number), (data.GetProperty("logprobs").ValueKind, data.GetProperty("content_index").ValueKind));
            }
        }
    }

    private static void Check(JsonElement response, string status)
    {
        Assert.Equal(("response", status), (Text(response, "object"), Text(response, "status")));
        Require(response, JsonValueKind.String, "id", "model", "truncation", "service_tier");
        Require(response, JsonValueKind.Number, "created_at", "top_p", "temperature", "presence_penalty", "frequency_penalty", "top_logprobs");
        Require(response, JsonValueKind.Array, "output", "tools");
        Require(response, JsonValueKind.Object, "text", "metadata", "reasoning");
        foreach (var name in (string[])["completed_at", "incomplete_details", "previous_response_id", "instructions", "error", "tool_choice", "user", "usage", "max_output_tokens", "max_tool_calls",
            "safety_identifier", "prompt_cache_key", "parallel_tool_calls", "store", "background"])
        {
            Assert.True(response.TryGetProperty(name, out _), name);
        }

        Assert.Equal(JsonValueKind.String, response.GetProperty("text").GetProperty("format").GetProperty("type").ValueKind);
        if (status != "completed")
        {
            return;
        }

        Require(response, JsonValueKind.Number, "completed_at");
        var usage = response.GetProperty("usage");
        Require(usage, JsonValueKind.Number, "input_tokens", "output_tokens", "total_tokens");
        Assert.Equal((8, 0), (usage.GetProperty("input_tokens_details").GetProperty("cached_tokens").GetInt32(), usage.GetProperty("output_tokens_details").GetProperty("reasoning_tokens").GetInt32()));
    }

    private static void Require(JsonElement element, JsonValueKind kind, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            Assert.Equal((name, kind), (name, element.GetProperty(name).ValueKind));
        }
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}

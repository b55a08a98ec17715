using System.Text.Json;
using HybridConversations.Tests.Common.Scripted;

namespace HybridConversations.Http.Tests.Responses;

/// <summary>
/// The tests of the Open Responses compliance suite, each kind written anew (basic, streaming, system prompt, tools whole and streamed, image, several turns): what comes must follow the published
/// schemas, and hold what the kind is about. The suite's image test wants a description; a model that reads text only can but refuse it, and does so clearly.
/// </summary>
public sealed class OpenResponsesTests
{
    private const string Weather = """[{"type":"function","name":"get_weather","description":"The weather of a place.","parameters":{"type":"object","properties":{"location":{"type":"string"}},"required":["location"]}}]""";

    [Theory]
    [InlineData("""{"model":"m","input":[{"type":"message","role":"user","content":"Say hello in three words."}]}""")]
    [InlineData("""{"model":"m","input":[{"type":"message","role":"system","content":"You are a pirate."},{"type":"message","role":"user","content":"Say hello."}]}""")]
    [InlineData("""{"model":"m","input":[{"type":"message","role":"user","content":"My name is Alice."},{"type":"message","role":"assistant","content":"Hello Alice!"},{"type":"message","role":"user","content":"What is my name?"}]}""")]
    [InlineData("""{"model":"m","input":"x","temperature":0.2,"top_p":0.5,"max_output_tokens":16,"user":"u","safety_identifier":"s","prompt_cache_key":"k","truncation":"auto","reasoning":{"effort":"none"},"metadata":{"a":"b"},"service_tier":"auto","top_logprobs":0,"max_tool_calls":3,"stream":false,"background":false}""")]
    [InlineData("""{"model":null,"input":"x","temperature":null,"top_p":null,"max_output_tokens":null,"truncation":null,"reasoning":null,"metadata":null,"service_tier":null,"top_logprobs":null,"max_tool_calls":null,"parallel_tool_calls":null,"text":null,"tools":null,"tool_choice":null,"instructions":null,"store":null,"presence_penalty":null,"frequency_penalty":null,"safety_identifier":null,"prompt_cache_key":null}""")]
    public async Task An_answer_follows_the_schema_whole_and_read_back(string body)
    {
        await using var stored = await StoredServer.Start();
        var answer = await stored.Post("/v1/responses", body);
        OpenResponsesSchema.CheckResponse(answer);
        Assert.Equal("completed", Text(answer, "status"));
        var message = Assert.Single(answer.GetProperty("output").EnumerateArray());
        Assert.Equal(("message", "completed", "assistant"), (Text(message, "type"), Text(message, "status"), Text(message, "role")));
        Assert.NotEmpty(Text(message.GetProperty("content")[0], "text")!);
        var read = await stored.Get($"/v1/responses/{Text(answer, "id")}");
        OpenResponsesSchema.CheckResponse(read);
        Assert.Equal(answer.GetProperty("output").GetRawText(), read.GetProperty("output").GetRawText());
    }

    [Theory]
    [InlineData("system", "You are a pirate. Always respond in pirate speak.")]
    [InlineData("developer", "Be brief.")]
    public async Task A_system_prompt_reaches_the_model(string role, string words)
    {
        await using var stored = await StoredServer.Start();
        await stored.Post("/v1/responses", $$"""{"model":"m","input":[{"type":"message","role":"{{role}}","content":"{{words}}"},{"type":"message","role":"user","content":"Say hello."}]}""");
        Assert.Equal([$"system {words}", "user Say hello."], stored.Shown());
    }

    [Fact]
    public async Task A_history_reaches_the_model_in_order()
    {
        await using var stored = await StoredServer.Start();
        await stored.Post("/v1/responses", """{"input":[{"type":"message","role":"user","content":"My name is Alice."},{"type":"message","role":"assistant","content":"Hello Alice! Nice to meet you."},{"type":"message","role":"user","content":"What is my name?"}]}""");
        Assert.Equal(["user My name is Alice.", "assistant Hello Alice! Nice to meet you.", "user What is my name?"], stored.Shown());
    }

    [Fact]
    public async Task Every_event_of_a_stream_follows_its_schema_and_the_pieces_are_the_text()
    {
        await using var stored = await StoredServer.Start();
        var events = await Streamed(stored, """{"model":"m","input":[{"type":"message","role":"user","content":"Count from 1 to 5."}],"stream":true}""");
        Assert.Equal(("response.created", "response.in_progress", "response.completed"), (events[0].Name, events[1].Name, events[^1].Name));
        var last = events[^1].Data.GetProperty("response");
        Assert.Equal(("completed", "Count from 1 to 5."), (Text(last, "status"), Text(last.GetProperty("output")[0].GetProperty("content")[0], "text")));
        Assert.Equal("Count from 1 to 5.", string.Concat(events.Where(e => e.Name == "response.output_text.delta").Select(e => Text(e.Data, "delta"))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_is_an_item_whole_and_streamed(bool streamed)
    {
        await using var stored = await StoredServer.Start();
        stored.Model.Reply = (_, _) => ResponseTests.Calls();
        var body = $$"""{"model":"m","input":[{"type":"message","role":"user","content":"Weather?"}],"tools":{{Weather}},"stream":{{(streamed ? "true" : "false")}}}""";
        JsonElement response;
        if (streamed)
        {
            var events = await Streamed(stored, body);
            string[] order = ["response.output_item.added", "response.function_call_arguments.delta", "response.function_call_arguments.done", "response.output_item.done"];
            var call = events.FindIndex(e => e.Name == order[0] && Text(e.Data.GetProperty("item"), "type") == "function_call");
            Assert.Equal(order, events.Skip(call).Take(4).Select(e => e.Name));
            response = events[^1].Data.GetProperty("response");
        }
        else
        {
            response = await stored.Post("/v1/responses", body);
        }

        OpenResponsesSchema.CheckResponse(response);
        var item = response.GetProperty("output").EnumerateArray().Single(item => Text(item, "type") == "function_call");
        Assert.Equal("Oslo", JsonElement.Parse(Text(item, "arguments")!).GetProperty("city").GetString());
        Assert.Equal(["type", "name", "description", "parameters", "strict"], response.GetProperty("tools")[0].EnumerateObject().Select(member => member.Name));

        // And back: a result of it, as the suite's schemas allow it to be sent.
        stored.Model.Reply = ScriptedModelDevice.Echo;
        var next = await stored.Post("/v1/responses", $$"""{"previous_response_id":"{{Text(response, "id")}}","input":[{"type":"function_call_output","call_id":"{{Text(item, "call_id")}}","output":[{"type":"input_text","text":"5 degrees"}],"status":"completed"}]}""");
        OpenResponsesSchema.CheckResponse(next);
        Assert.Equal("tool 5 degrees", stored.Shown().Last());
    }

    [Theory]
    [InlineData("""{"type":"input_image","image_url":"data:image/png;base64,iVBORw0KGgo="}""")]
    [InlineData("""{"type":"input_image","image_url":"https://example.org/a.png","detail":"auto"}""")]
    [InlineData("""{"type":"input_file","file_data":"x","filename":"a.pdf"}""")]
    public async Task What_a_model_of_text_cannot_read_is_refused_by_name_and_nothing_is_stored(string part)
    {
        await using var stored = await StoredServer.Start();
        using var response = await stored.Server.Post("/v1/responses", $$"""{"model":"m","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"What do you see?"},{{part}}]}]}""");
        Assert.Equal(400, (int)response.StatusCode);
        var error = (await StoredServer.Json(response)).GetProperty("error");
        Assert.Equal(("invalid_request_error", "input[0].content[1].type"), (Text(error, "type"), Text(error, "param")));
        Assert.Contains("text only", Text(error, "message"), StringComparison.Ordinal);
        Assert.Equal(0, (await stored.Get("/conversations")).GetProperty("conversations").GetArrayLength());
    }

    [Fact]
    public async Task Thoughts_follow_the_schema_told_and_read()
    {
        await using var stored = await StoredServer.Start();
        stored.Model.Reply = (_, _) => ResponseTests.Calls();
        foreach (var summary in (string[])["null", "\"auto\""])
        {
            var events = await Streamed(stored, $$"""{"input":"Weather?","tools":{{Weather}},"reasoning":{"effort":"low","summary":{{summary}}},"stream":true}""");
            OpenResponsesSchema.CheckResponse(await stored.Get($"/v1/responses/{Text(events[^1].Data.GetProperty("response"), "id")}"));
        }
    }

    private static async Task<List<(string Name, JsonElement Data)>> Streamed(StoredServer stored, string body)
    {
        using var response = await stored.Server.Post("/v1/responses", body);
        var events = await ServerSentEvents.ReadAll(response);
        foreach (var (number, (name, data)) in events.Index())
        {
            OpenResponsesSchema.CheckEvent(name, data, number);
        }

        return events;
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}

using System.Text.Json;
using HybridConversations.Tests.Common.Scripted;

namespace HybridConversations.Http.Tests.Responses;

/// <summary>What a model thought is on record as an item, and in no later prompt.</summary>
public sealed class RecordedThoughtTests
{
    [Fact]
    public async Task A_thought_is_read_back_as_it_was_told_and_is_in_no_later_prompt()
    {
        await using var stored = await StoredServer.Start();
        stored.Model.Reply = (_, _) => Thinks();
        var told = await stored.Post("/v1/responses", """{"input":"why?","reasoning":{"effort":"low"}}""");
        await stored.Restart();
        var read = await stored.Get($"/v1/responses/{Id(told)}");
        Assert.Equal(told.GetProperty("output").GetRawText(), read.GetProperty("output").GetRawText());
        Assert.Equal(told.GetProperty("usage").GetRawText(), read.GetProperty("usage").GetRawText());
        Assert.Equal(4, read.GetProperty("usage").GetProperty("output_tokens_details").GetProperty("reasoning_tokens").GetInt32());
        var thought = read.GetProperty("output")[0];
        Assert.Equal(("reasoning", 0, "Let me think."), (thought.GetProperty("type").GetString(), thought.GetProperty("summary").GetArrayLength(), Text(thought.GetProperty("content"))));

        // Named, sent back or gone on from: it is part of no prompt.
        await stored.Post("/v1/responses", $$"""{"input":[{"type":"item_reference","id":"{{thought.GetProperty("id").GetString()}}"},{"role":"user","content":"and?"}],"previous_response_id":"{{Id(told)}}"}""");
        Assert.Equal(["user why?", "assistant Because.", "user and?"], stored.Shown());
        await stored.Post("/v1/responses", $$"""{"input":"so?","store":false,"previous_response_id":"{{Id(told)}}"}""");
        Assert.Equal(["user why?", "assistant Because.", "user so?"], stored.Shown());
        Assert.All(stored.Model.Requests.SelectMany(request => request.Messages), message => Assert.Null(message.Reasoning));
    }

    [Fact]
    public async Task Who_asks_for_summaries_gets_thoughts_as_such_told_and_read()
    {
        await using var stored = await StoredServer.Start();
        stored.Model.Reply = (_, _) => Thinks();
        using var response = await stored.Server.Post("/v1/responses", """{"input":"why?","stream":true,"reasoning":{"effort":"low","summary":"auto"}}""");
        var events = await ServerSentEvents.ReadAll(response);
        Assert.Equal(
            ["response.output_item.added", "response.reasoning_summary_part.added", "response.reasoning_summary_text.delta", "response.reasoning_summary_text.delta",
                "response.reasoning_summary_text.done", "response.reasoning_summary_part.done", "response.output_item.done"],
            events.Skip(2).Take(7).Select(e => e.Name));
        Assert.All(events.Where(e => e.Name.Contains("summary", StringComparison.Ordinal)), e => Assert.Equal(0, e.Data.GetProperty("summary_index").GetInt32()));
        var told = events[^1].Data.GetProperty("response");
        Assert.Equal("Let me think.", Text(told.GetProperty("output")[0].GetProperty("summary")));
        Assert.Equal(told.GetProperty("output").GetRawText(), (await stored.Get($"/v1/responses/{Id(told)}")).GetProperty("output").GetRawText());
    }

    [Fact]
    public async Task A_thought_can_be_erased_alone_and_goes_with_its_response()
    {
        await using var stored = await StoredServer.Start();
        stored.Model.Reply = (_, _) => Thinks();
        var conversation = Id(await stored.Post("/v1/conversations", "{}"));
        var told = await stored.Post("/v1/responses", $$$"""{"input":"why?","conversation":"{{{conversation}}}","reasoning":{"effort":"low"}}""");
        var items = (await stored.Get($"/v1/conversations/{conversation}/items?order=asc")).GetProperty("data");
        Assert.Equal(["message", "reasoning", "message"], items.EnumerateArray().Select(item => item.GetProperty("type").GetString()));
        await stored.Delete($"/v1/conversations/{conversation}/items/{Id(items[1])}");
        Assert.Equal(["message"], (await stored.Get($"/v1/responses/{Id(told)}")).GetProperty("output").EnumerateArray().Select(item => item.GetProperty("type").GetString()));

        var other = await stored.Post("/v1/responses", """{"input":"why?","reasoning":{"effort":"low"}}""");
        await stored.Delete($"/v1/responses/{Id(other)}");
        Assert.Equal(404, (int)(await stored.Server.Http.GetAsync($"/v1/responses/{Id(other)}")).StatusCode);
    }

    private static async IAsyncEnumerable<DeviceEvent> Thinks()
    {
        await Task.Yield();
        yield return new DeviceReasoning("Let me ");
        yield return new DeviceReasoning("think.");
        yield return new DeviceText("Because.");
        var finished = ScriptedModelDevice.Finished(6);
        yield return finished with { Usage = finished.Usage with { ReasoningTokens = 4 } };
    }

    private static string Id(JsonElement element) => element.GetProperty("id").GetString()!;

    private static string? Text(JsonElement parts) => Assert.Single(parts.EnumerateArray()).GetProperty("text").GetString();
}

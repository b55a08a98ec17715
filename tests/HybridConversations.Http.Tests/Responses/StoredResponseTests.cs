using System.Runtime.CompilerServices;
using System.Text.Json;
using HybridConversations.Tests.Common.Scripted;

namespace HybridConversations.Http.Tests.Responses;

public sealed class StoredResponseTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_next_goes_on_after_a_restart_and_everything_can_be_read_back()
    {
        await using var stored = await StoredServer.Start();
        var first = await stored.Post("/v1/responses", """{"input":"one","instructions":"Be brief.","metadata":{"a":"b"},"text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"}}}}""");
        await stored.Restart();
        var read = await stored.Get($"/v1/responses/{Id(first)}");
        Assert.Equal(("Be brief.", "b"), (read.GetProperty("instructions").GetString(), read.GetProperty("metadata").GetProperty("a").GetString()));
        Assert.Equal(first.GetProperty("text").GetRawText(), read.GetProperty("text").GetRawText());
        Assert.Equal(first.GetProperty("output").GetRawText(), read.GetProperty("output").GetRawText());
        Assert.Equal(first.GetProperty("usage").GetRawText(), read.GetProperty("usage").GetRawText());

        var second = await stored.Post("/v1/responses", $$"""{"input":"two","previous_response_id":"{{Id(first)}}"}""");
        Assert.Equal("completed", second.GetProperty("status").GetString());
        Assert.Equal(["user one", "assistant one", "user two"], stored.Shown());
        Assert.Equal(Id(first), second.GetProperty("previous_response_id").GetString());
    }

    [Fact]
    public async Task It_can_be_read_and_cancelled_as_soon_as_its_id_is_known()
    {
        await using var stored = await StoredServer.Start();
        stored.Model.Reply = (_, stop) => Endless(stop);
        using var response = await stored.Server.PostStreaming("/v1/responses", """{"input":"tell me","stream":true}""");
        await using var events = ServerSentEvents.Read(response).GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());
        var id = Id(events.Current.Data.GetProperty("response"));
        Assert.Equal("in_progress", (await stored.Get($"/v1/responses/{id}")).GetProperty("status").GetString());

        // Nothing can follow what is not whole yet.
        var early = await stored.Post("/v1/responses", $$"""{"input":"and?","previous_response_id":"{{id}}"}""");
        Assert.Equal("turn-in-progress", early.GetProperty("error").GetProperty("code").GetString());

        while (events.Current.Name != "response.output_text.delta")
        {
            Assert.True(await events.MoveNextAsync());
        }

        var cancelled = await stored.Post($"/v1/responses/{id}/cancel", """{"heard":"Once upon"}""");
        Assert.Equal(("cancelled", "Once upon"), (cancelled.GetProperty("status").GetString(), Text(cancelled)));
        Assert.True(await stored.Model.Cancelled.WaitAsync(Patience));
        var last = events.Current;
        while (await events.MoveNextAsync())
        {
            last = events.Current;
        }

        Assert.Equal(("response.incomplete", "cancelled"), (last.Name, last.Data.GetProperty("response").GetProperty("incomplete_details").GetProperty("reason").GetString()));
        stored.Model.Reply = ScriptedModelDevice.Echo;
        await stored.Post("/v1/responses", $$"""{"input":"and then?","previous_response_id":"{{id}}"}""");
        Assert.Equal(["user tell me", "assistant Once upon", "user and then?"], stored.Shown());
    }

    [Fact]
    public async Task Whoever_goes_on_from_an_older_one_begins_a_fork_and_both_go_on()
    {
        await using var stored = await StoredServer.Start();
        var first = await stored.Post("/v1/responses", """{"input":[{"role":"system","content":"You are a pirate."},{"role":"user","content":"one"}]}""");
        var second = await stored.Post("/v1/responses", $$"""{"input":"two","previous_response_id":"{{Id(first)}}"}""");
        var fork = await stored.Post("/v1/responses", $$"""{"input":"three","previous_response_id":"{{Id(first)}}"}""");
        Assert.Equal(["system You are a pirate.", "user one", "assistant one", "user three"], stored.Shown());
        await stored.Post("/v1/responses", $$"""{"input":"four","previous_response_id":"{{Id(fork)}}"}""");
        Assert.Equal(["system You are a pirate.", "user one", "assistant one", "user three", "assistant three", "user four"], stored.Shown());
        await stored.Post("/v1/responses", $$"""{"input":"five","previous_response_id":"{{Id(second)}}"}""");
        Assert.Equal(["system You are a pirate.", "user one", "assistant one", "user two", "assistant two", "user five"], stored.Shown());
        Assert.Equal(2, (await stored.Get("/conversations")).GetProperty("conversations").GetArrayLength());
    }

    [Fact]
    public async Task Many_that_go_on_from_the_same_one_at_once_all_see_it_and_nothing_else()
    {
        await using var stored = await StoredServer.Start();
        var first = await stored.Post("/v1/responses", """{"input":"one"}""");
        var next = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => stored.Post("/v1/responses", $$"""{"input":"next {{i}}","previous_response_id":"{{Id(first)}}"}""")));
        Assert.All(next, response => Assert.Equal("completed", response.GetProperty("status").GetString()));
        Assert.Equal(8, next.Select(Id).Distinct().Count());
        var shown = stored.Model.Requests.Skip(1).Select(request => string.Join(" | ", request.Messages.Select(message => message.Content))).Order();
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"one | one | next {i}"), shown);
    }

    [Fact]
    public async Task What_is_deleted_is_gone()
    {
        await using var stored = await StoredServer.Start();
        var first = await stored.Post("/v1/responses", """{"input":"secret","instructions":"hush"}""");
        var second = await stored.Post("/v1/responses", $$"""{"input":"two","previous_response_id":"{{Id(first)}}"}""");
        Assert.True((await stored.Delete($"/v1/responses/{Id(first)}")).GetProperty("deleted").GetBoolean());
        Assert.Equal("not-found", (await stored.Get($"/v1/responses/{Id(first)}")).GetProperty("error").GetProperty("code").GetString());
        var gone = await stored.Post("/v1/responses", $$"""{"input":"x","previous_response_id":"{{Id(first)}}"}""");
        Assert.Equal("previous_response_not_found", gone.GetProperty("error").GetProperty("code").GetString());
        await stored.Restart();
        await stored.Post("/v1/responses", $$"""{"input":"three","previous_response_id":"{{Id(second)}}"}""");
        Assert.Equal(["user two", "assistant two", "user three"], stored.Shown());

        var alone = await stored.Post("/v1/responses", """{"input":"alone"}""");
        await stored.Delete($"/v1/responses/{Id(alone)}");
        Assert.Equal(1, (await stored.Get("/conversations")).GetProperty("conversations").GetArrayLength());
    }

    [Fact]
    public async Task A_whole_history_as_input_is_stored_and_read_back_item_by_item()
    {
        await using var stored = await StoredServer.Start();
        var answer = await stored.Post("/v1/responses", """
            {"input":[{"role":"developer","content":"Be brief."},{"role":"user","content":"weather?"},{"type":"function_call","call_id":"c1","name":"weather","arguments":"{}"},
                {"type":"function_call_output","call_id":"c1","output":"5 degrees"},{"role":"assistant","content":"Cold."},{"type":"reasoning","id":"rs_1","summary":[]},{"role":"user","content":"thanks"}]}
            """);
        Assert.Equal(["system Be brief.", "user weather?", "assistant ", "tool 5 degrees", "assistant Cold.", "user thanks"], stored.Shown());
        await stored.Restart();
        await stored.Post("/v1/responses", $$"""{"input":"more","previous_response_id":"{{Id(answer)}}"}""");
        Assert.Equal(["system Be brief.", "user weather?", "assistant ", "tool 5 degrees", "assistant Cold.", "user thanks", "assistant thanks", "user more"], stored.Shown());
        Assert.Equal("c1", stored.Model.Requests.Last().Messages[3].ToolCallId);

        var items = (await stored.Get($"/v1/responses/{Id(answer)}/input_items?order=asc")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(["message", "message", "function_call", "function_call_output", "message", "message"], items.Select(item => item.GetProperty("type").GetString()));
        var page = await stored.Get($"/v1/responses/{Id(answer)}/input_items?order=asc&limit=2&after={items[1].GetProperty("id")}");
        Assert.Equal((items[2].GetProperty("id").GetString(), items[3].GetProperty("id").GetString(), true), (page.GetProperty("first_id").GetString(), page.GetProperty("last_id").GetString(), page.GetProperty("has_more").GetBoolean()));

        // Clients of stored responses name items by their ids.
        await stored.Post("/v1/responses", $$"""{"input":[{"type":"item_reference","id":"{{items[4].GetProperty("id")}}"},{"role":"user","content":"why?"}]}""");
        Assert.Equal(["assistant Cold.", "user why?"], stored.Shown());
    }

    [Fact]
    public async Task Calls_wait_for_their_results_through_a_restart_and_are_answered_once()
    {
        await using var stored = await StoredServer.Start();
        stored.Model.Reply = (_, _) => ResponseTests.Calls();
        var asked = await stored.Post("/v1/responses", """{"input":"weather?","tools":[{"type":"function","name":"weather","parameters":{"type":"object"}}]}""");
        var call = asked.GetProperty("output").EnumerateArray().Single(item => item.GetProperty("type").GetString() == "function_call");
        await stored.Restart();
        var read = (await stored.Get($"/v1/responses/{Id(asked)}")).GetProperty("output").EnumerateArray().Single(item => item.GetProperty("type").GetString() == "function_call");
        Assert.Equal(call.GetRawText(), read.GetRawText());
        var result = $$"""{"previous_response_id":"{{Id(asked)}}","input":[{"type":"function_call_output","call_id":"{{call.GetProperty("call_id")}}","output":"5 degrees"}]}""";
        var answer = await stored.Post("/v1/responses", result);
        Assert.Equal(["user weather?", "assistant ", "tool 5 degrees"], stored.Shown());

        // Sent again it is another answer to the same call, in a fork: the call waits there as it did.
        var again = await stored.Post("/v1/responses", result);
        Assert.Equal(("completed", "completed"), (answer.GetProperty("status").GetString(), again.GetProperty("status").GetString()));
        Assert.Equal(["user weather?", "assistant ", "tool 5 degrees"], stored.Shown());
    }

    [Fact]
    public async Task Instructions_alone_are_a_greeting_and_an_assistant_message_at_the_end_is_continued()
    {
        await using var stored = await StoredServer.Start();
        await stored.Post("/v1/responses", """{"instructions":"Greet the guest."}""");
        Assert.Equal(["system Greet the guest."], stored.Shown());
        await stored.Post("/v1/responses", """{"input":[{"role":"user","content":"Finish:"},{"role":"assistant","content":"Once upon a"}]}""");
        Assert.Equal(["user Finish:", "assistant Once upon a"], stored.Shown());
    }

    [Fact]
    public async Task What_is_private_says_so_on_record()
    {
        await using var stored = await StoredServer.Start();
        var first = await stored.Post("/v1/responses", """{"input":[{"role":"user","content":"Keep this between us, please keep it private."},{"role":"assistant","content":"Yes."},{"role":"user","content":"I am ill."}],"conversation":null}""");
        await stored.Post("/v1/responses", $$"""{"input":"two","previous_response_id":"{{Id(first)}}"}""");
        await stored.Post("/v1/responses", $$"""{"input":"in a fork","previous_response_id":"{{Id(first)}}"}""");
        foreach (var conversation in (await stored.Get("/conversations")).GetProperty("conversations").EnumerateArray())
        {
            var turns = (await stored.Get($"/conversations/{conversation.GetProperty("id")}")).GetProperty("turns").EnumerateArray();
            Assert.All(turns, turn => Assert.True(turn.GetProperty("private").GetBoolean(), turn.GetRawText()));
        }
    }

    [Fact]
    public async Task A_turn_that_was_said_in_another_way_is_a_response_too()
    {
        await using var stored = await StoredServer.Start();
        using (var said = await stored.Server.Post("/conversations/kitchen%20table/turns", """{"turnId":"t 1","text":"hello"}"""))
        {
            await ServerSentEvents.ReadAll(said);
        }

        var next = await stored.Post("/v1/responses", """{"input":"go on","conversation":{"id":"kitchen table"}}""");
        Assert.Equal(["user hello", "assistant hello", "user go on"], stored.Shown());
        Assert.Equal("kitchen table", next.GetProperty("conversation").GetProperty("id").GetString());
        var items = await stored.Get("/v1/conversations/kitchen%20table/items?order=asc");
        var reply = items.GetProperty("data")[1].GetProperty("id").GetString()!;
        var read = await stored.Get($"/v1/responses/resp_{reply["msg_".Length..reply.LastIndexOf('.')]}");
        Assert.Equal(("completed", "hello"), (read.GetProperty("status").GetString(), Text(read)));
    }

    [Fact]
    public async Task One_that_is_not_stored_may_go_on_from_one_that_is()
    {
        await using var stored = await StoredServer.Start();
        var first = await stored.Post("/v1/responses", """{"input":[{"role":"system","content":"Be brief."},{"role":"user","content":"one"}]}""");
        var next = await stored.Post("/v1/responses", $$"""{"input":"two","store":false,"previous_response_id":"{{Id(first)}}"}""");
        Assert.Equal(["system Be brief.", "user one", "assistant one", "user two"], stored.Shown());
        Assert.Equal(404, (int)(await stored.Server.Http.GetAsync($"/v1/responses/{Id(next)}")).StatusCode);
        Assert.Null(stored.Model.Requests.Last().ConversationId);
    }

    private static string Id(JsonElement response) => response.GetProperty("id").GetString()!;

    private static string? Text(JsonElement response) => response.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString();

    private static async IAsyncEnumerable<DeviceEvent> Endless([EnumeratorCancellation] CancellationToken stop)
    {
        yield return new DeviceText("Once upon a time ");
        await Task.Delay(Timeout.Infinite, stop);
    }
}

using System.Text.Json;
using HybridConversations.Tests.Common.Scripted;

namespace HybridConversations.Http.Tests.Responses;

/// <summary>Responses that go on without their client, and streams that are taken up again.</summary>
public sealed class BackgroundResponseTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task It_is_answered_at_once_goes_on_alone_and_is_read_when_it_is_whole()
    {
        await using var stored = await StoredServer.Start();
        var go = new TaskCompletionSource();
        stored.Model.Reply = (_, _) => Waits(go.Task);
        var begun = await stored.Post("/v1/responses", """{"input":"one","background":true}""");
        Assert.Equal(("in_progress", true, 0), (begun.GetProperty("status").GetString(), begun.GetProperty("background").GetBoolean(), begun.GetProperty("output").GetArrayLength()));
        Assert.Equal("in_progress", (await stored.Get($"/v1/responses/{Id(begun)}")).GetProperty("status").GetString());
        go.SetResult();
        var events = await Streamed(stored, $"/v1/responses/{Id(begun)}?stream=true");
        Assert.Equal("response.completed", events[^1].Name);
        var read = await stored.Get($"/v1/responses/{Id(begun)}");
        Assert.Equal(("completed", true, "one two three"), (read.GetProperty("status").GetString(), read.GetProperty("background").GetBoolean(), Text(read)));
    }

    [Fact]
    public async Task A_stream_that_was_lost_is_taken_up_behind_its_last_event()
    {
        await using var stored = await StoredServer.Start();
        var go = new TaskCompletionSource();
        stored.Model.Reply = (_, _) => Waits(go.Task);
        string id;
        using (var response = await stored.Server.PostStreaming("/v1/responses", """{"input":"one","background":true,"stream":true}"""))
        {
            await using var events = ServerSentEvents.Read(response).GetAsyncEnumerator();
            do
            {
                Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(Patience));
            }
            while (events.Current.Name != "response.output_text.delta");

            Assert.Equal((4, "one "), (Number(events.Current), events.Current.Data.GetProperty("delta").GetString()));
            id = events.Current.Data.GetProperty("item_id").GetString()!.Replace("msg_", "resp_", StringComparison.Ordinal).Split('.')[0];
        }

        // Two readers, one of them from the beginning: both hear the rest as it comes.
        using var rest = await stored.Server.Http.GetAsync($"/v1/responses/{id}?stream=true&starting_after=4", HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);
        var all = Streamed(stored, $"/v1/responses/{id}?stream=true");
        go.SetResult();
        var behind = await ServerSentEvents.ReadAll(rest);
        Assert.Equal(["response.output_text.delta", "response.output_text.delta", "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed"], behind.Select(e => e.Name));
        Assert.Equal(Enumerable.Range(5, 6), behind.Select(Number));
        var whole = await all;
        Assert.Equal(Enumerable.Range(0, 11), whole.Select(Number));
        Assert.Equal(whole[^1].Data.GetRawText(), behind[^1].Data.GetRawText());
        Assert.Equal(0, stored.Model.Running);
    }

    [Fact]
    public async Task It_is_cancelled_by_its_id()
    {
        await using var stored = await StoredServer.Start();
        stored.Model.Reply = (_, stop) => Waits(Task.Delay(Timeout.Infinite, stop));
        var begun = await stored.Post("/v1/responses", """{"input":"one","background":true}""");
        Assert.Equal("cancelled", (await stored.Post($"/v1/responses/{Id(begun)}/cancel", "{}")).GetProperty("status").GetString());
        Assert.True(await stored.Model.Cancelled.WaitAsync(Patience));
        var events = await Streamed(stored, $"/v1/responses/{Id(begun)}?stream=true");
        Assert.Equal("response.incomplete", events[^1].Name);
    }

    [Fact]
    public async Task Whatever_is_on_record_is_streamed_again_and_who_has_had_some_of_it_gets_the_end()
    {
        await using var stored = await StoredServer.Start();
        var told = await stored.Post("/v1/responses", """{"input":"one two"}""");
        await stored.Restart();
        var events = await Streamed(stored, $"/v1/responses/{Id(told)}?stream=true");
        Assert.Equal(
            ["response.created", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.output_text.delta", "response.output_text.done",
                "response.content_part.done", "response.output_item.done", "response.completed"],
            events.Select(e => e.Name));
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(Number));
        Assert.Equal("one two", events[4].Data.GetProperty("delta").GetString());
        Assert.Equal(told.GetProperty("output").GetRawText(), events[^1].Data.GetProperty("response").GetProperty("output").GetRawText());

        var end = Assert.Single(await Streamed(stored, $"/v1/responses/{Id(told)}?stream=true&starting_after=5"));
        Assert.Equal(("response.completed", 6), (end.Name, Number(end)));
        Assert.Equal("one two", Text(end.Data.GetProperty("response")));
    }

    [Fact]
    public async Task Who_reads_at_another_door_waits_for_its_end()
    {
        await using var stored = await StoredServer.Start();
        var go = new TaskCompletionSource();
        stored.Model.Reply = (_, _) => Waits(go.Task);
        using var response = await stored.Server.PostStreaming("/v1/responses", """{"input":"one","stream":true}""");
        await using var events = ServerSentEvents.Read(response).GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(Patience));
        var read = Streamed(stored, $"/v1/responses/{Id(events.Current.Data.GetProperty("response"))}?stream=true");
        Assert.False(read.IsCompleted);
        go.SetResult();
        while (await events.MoveNextAsync())
        {
        }

        Assert.Equal(("response.completed", "one two three"), ((await read.WaitAsync(Patience))[^1].Name, Text((await read)[^1].Data.GetProperty("response"))));
    }

    [Theory]
    [InlineData("resp_00000000000000000000000000000000aaaaaaaaaaaaaaaa", "?stream=true", 404)]
    [InlineData(null, "?stream=true&starting_after=x", 400)]
    [InlineData(null, "?stream=true&starting_after=-1", 400)]
    public async Task What_is_not_there_is_told_before_the_stream(string? id, string query, int status)
    {
        await using var stored = await StoredServer.Start();
        id ??= Id(await stored.Post("/v1/responses", """{"input":"one"}"""));
        using var response = await stored.Server.Http.GetAsync($"/v1/responses/{id}{query}");
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task What_is_refused_is_refused_before_it_is_answered()
    {
        await using var stored = await StoredServer.Start();
        var refused = await stored.Post("/v1/responses", """{"input":"x","background":true,"previous_response_id":"resp_00000000000000000000000000000000aaaaaaaaaaaaaaaa"}""");
        Assert.Equal("previous_response_not_found", refused.GetProperty("error").GetProperty("code").GetString());
    }

    private static async IAsyncEnumerable<DeviceEvent> Waits(Task go)
    {
        yield return new DeviceText("one ");
        await go;
        yield return new DeviceText("two ");
        yield return new DeviceText("three");
        yield return ScriptedModelDevice.Finished(3);
    }

    private static async Task<List<(string Name, JsonElement Data)>> Streamed(StoredServer stored, string path)
    {
        using var response = await stored.Server.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        return await ServerSentEvents.ReadAll(response).WaitAsync(Patience);
    }

    private static int Number((string Name, JsonElement Data) e) => e.Data.GetProperty("sequence_number").GetInt32();

    private static string Id(JsonElement response) => response.GetProperty("id").GetString()!;

    private static string? Text(JsonElement response) => response.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString();
}

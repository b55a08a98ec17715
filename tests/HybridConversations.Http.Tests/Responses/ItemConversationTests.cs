using System.Text.Json;

namespace HybridConversations.Http.Tests.Responses;

/// <summary><c>/v1/conversations</c>, as OpenAI documents it.</summary>
public sealed class ItemConversationTests
{
    [Fact]
    public async Task A_conversation_begins_with_items_is_answered_and_forgotten()
    {
        await using var stored = await StoredServer.Start();
        var made = await stored.Post("/v1/conversations", """{"metadata":{"topic":"demo"},"items":[{"type":"message","role":"system","content":"Be brief."},{"type":"message","role":"user","content":"Hello!"}]}""");
        var id = made.GetProperty("id").GetString()!;
        Assert.Equal(("conversation", "demo"), (made.GetProperty("object").GetString(), made.GetProperty("metadata").GetProperty("topic").GetString()));
        Assert.StartsWith("conv_", id);
        await stored.Restart();
        var answer = await stored.Post("/v1/responses", $$"""{"input":"And?","conversation":"{{id}}"}""");
        Assert.Equal(["system Be brief.", "user Hello!\nAnd?"], stored.Shown());
        await stored.Post("/v1/responses", $$$"""{"input":"More?","conversation":{"id":"{{{id}}}"}}""");
        Assert.Equal(["system Be brief.", "user Hello!\nAnd?", "assistant Hello!\nAnd?", "user More?"], stored.Shown());
        Assert.Equal(id, answer.GetProperty("conversation").GetProperty("id").GetString());

        var changed = await stored.Post($"/v1/conversations/{id}", """{"metadata":{"topic":"other"}}""");
        Assert.Equal("other", changed.GetProperty("metadata").GetProperty("topic").GetString());
        var read = await stored.Get($"/v1/conversations/{id}");
        Assert.Equal((changed.GetRawText(), made.GetProperty("created_at").GetInt64()), (read.GetRawText(), read.GetProperty("created_at").GetInt64()));

        var deleted = await stored.Delete($"/v1/conversations/{id}");
        Assert.Equal(("conversation.deleted", true), (deleted.GetProperty("object").GetString(), deleted.GetProperty("deleted").GetBoolean()));
        Assert.Equal(404, (int)(await stored.Server.Http.GetAsync($"/v1/conversations/{id}")).StatusCode);
        Assert.Equal(404, (int)(await stored.Server.Http.GetAsync($"/v1/responses/{answer.GetProperty("id")}")).StatusCode);
        Assert.Equal(404, (int)(await stored.Server.Post("/v1/responses", $$"""{"input":"x","conversation":"{{id}}"}""")).StatusCode);
    }

    [Theory]
    [InlineData("asc", 1)]
    [InlineData("asc", 7)]
    [InlineData("desc", 1)]
    [InlineData("desc", 3)]
    public async Task Pages_of_items_hold_every_item_once(string order, int limit)
    {
        await using var stored = await StoredServer.Start();
        var id = (await stored.Post("/v1/conversations", "{}")).GetProperty("id").GetString();
        for (var turn = 0; turn < 4; turn++)
        {
            await stored.Post($"/v1/conversations/{id}/items", $$"""{"items":[{"role":"developer","content":"d{{turn}}"},{"role":"user","content":"u{{turn}}"}]}""");
            await stored.Post("/v1/responses", $$"""{"input":"q{{turn}}","conversation":"{{id}}"}""");
        }

        var texts = new List<string>();
        string? after = null;
        JsonElement page;
        do
        {
            page = await stored.Get($"/v1/conversations/{id}/items?order={order}&limit={limit}{(after is null ? "" : $"&after={after}")}");
            texts.AddRange(page.GetProperty("data").EnumerateArray().Select(Text));
            Assert.InRange(page.GetProperty("data").GetArrayLength(), 1, limit);
            after = page.GetProperty("last_id").GetString();
        }
        while (page.GetProperty("has_more").GetBoolean());

        var expected = Enumerable.Range(0, 4).SelectMany(turn => new[] { $"d{turn}", $"u{turn}", $"q{turn}", $"u{turn}\nq{turn}" }).ToList();
        Assert.Equal(order == "asc" ? expected : expected.AsEnumerable().Reverse(), texts);
    }

    [Fact]
    public async Task Items_are_read_and_erased_one_by_one()
    {
        await using var stored = await StoredServer.Start();
        var id = (await stored.Post("/v1/conversations", """{"items":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]}""")).GetProperty("id").GetString();
        await stored.Post("/v1/responses", $$"""{"input":"d","conversation":"{{id}}"}""");
        var items = (await stored.Get($"/v1/conversations/{id}/items?order=asc")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(["a", "b", "c", "d", "c\nd"], items.Select(Text));
        foreach (var item in items)
        {
            Assert.Equal(item.GetRawText(), (await stored.Get($"/v1/conversations/{id}/items/{item.GetProperty("id")}")).GetRawText());
        }

        await stored.Delete($"/v1/conversations/{id}/items/{items[1].GetProperty("id")}");
        await stored.Delete($"/v1/conversations/{id}/items/{items[4].GetProperty("id")}");
        Assert.Equal(404, (int)(await stored.Server.Http.DeleteAsync($"/v1/conversations/{id}/items/{items[1].GetProperty("id")}")).StatusCode);
        Assert.Equal(["a", "c", "d"], (await stored.Get($"/v1/conversations/{id}/items?order=asc")).GetProperty("data").EnumerateArray().Select(Text));
        Assert.Equal("c", Text(await stored.Get($"/v1/conversations/{id}/items/{items[2].GetProperty("id")}")));
        await stored.Post("/v1/responses", $$"""{"input":"e","conversation":"{{id}}"}""");
        Assert.Equal(["user a\nc\nd\ne"], stored.Shown());
    }

    [Theory]
    [InlineData("GET", "/v1/conversations/conv_none", "", 404)]
    [InlineData("GET", "/v1/conversations/conv_none/items", "", 404)]
    [InlineData("DELETE", "/v1/conversations/conv_none", "", 404)]
    [InlineData("POST", "/v1/conversations/conv_none", """{"metadata":{}}""", 404)]
    [InlineData("POST", "/v1/conversations/conv_none/items", """{"items":[{"role":"user","content":"x"}]}""", 404)]
    [InlineData("GET", "/v1/conversations/conv_none/items/msg_x", "", 404)]
    [InlineData("POST", "/v1/conversations", """{"items":[{"type":"image"}]}""", 400)]
    [InlineData("POST", "/v1/conversations", """{"items":7}""", 400)]
    [InlineData("POST", "/v1/conversations", """{"metadata":[]}""", 400)]
    [InlineData("GET", "/v1/responses/resp_xAAAA", "", 404)]
    [InlineData("GET", "/v1/responses/resp_00000000000000000000000000000000ffffffffffffffff", "", 404)]
    [InlineData("GET", "/v1/responses/resp_00000000000000000000000000000000ffffffffffffffff/input_items?limit=0", "", 400)]
    [InlineData("POST", "/v1/responses/resp_0/cancel", "", 404)]
    [InlineData("DELETE", "/v1/responses/resp_0", "", 404)]
    public async Task What_is_not_there_or_wrong_is_told(string method, string path, string body, int status)
    {
        await using var stored = await StoredServer.Start();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body.Length == 0 ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await stored.Server.Http.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.NotEmpty((await StoredServer.Json(response)).GetProperty("error").GetProperty("message").GetString()!);
    }

    private static string Text(JsonElement item) => item.GetProperty("content")[0].GetProperty("text").GetString()!;
}

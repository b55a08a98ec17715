using System.Net;
using HybridConversations.Http.Tests.Responses;

namespace HybridConversations.Http.Tests.Conversations;

public sealed class FeedbackEndpointTests
{
    [Fact]
    public async Task It_is_on_the_turns_record_and_the_last_word_counts()
    {
        await using var stored = await StoredServer.Start();
        await Say(stored, "t1", "What is a monad?");
        foreach (var feedback in new[] { "good", "bad", "should-be-local", "should-be-cloud" })
        {
            Assert.Equal(HttpStatusCode.NoContent, await Judge(stored, "t1", $$"""{"feedback":"{{feedback}}"}"""));
            await stored.Restart();
            Assert.Equal(feedback, (await Turn(stored)).GetProperty("feedback").GetString());
        }

        Assert.Equal(HttpStatusCode.NoContent, await Judge(stored, "t1", """{"feedback":null}"""));
        Assert.False((await Turn(stored)).TryGetProperty("feedback", out var none) && none.ValueKind != System.Text.Json.JsonValueKind.Null);
    }

    [Theory]
    [InlineData("t2", """{"feedback":"good"}""", 404)]
    [InlineData("t1", """{"feedback":"great"}""", 400)]
    [InlineData("t1", """{"feedback":1}""", 400)]
    [InlineData("t1", "[]", 400)]
    public async Task What_is_not_there_or_not_said_so_is_refused(string turn, string body, int status)
    {
        await using var stored = await StoredServer.Start();
        await Say(stored, "t1", "What is a monad?");
        Assert.Equal(status, (int)await Judge(stored, turn, body));
    }

    private static async Task Say(StoredServer stored, string turnId, string text)
    {
        using var answer = await stored.Server.Post("/conversations/c1/turns", $$"""{"turnId":"{{turnId}}","text":"{{text}}"}""");
        Assert.Contains("event: completed", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> Judge(StoredServer stored, string turnId, string body)
    {
        using var answer = await stored.Server.Post($"/conversations/c1/turns/{turnId}/feedback", body);
        return answer.StatusCode;
    }

    private static async Task<System.Text.Json.JsonElement> Turn(StoredServer stored) => (await stored.Get("/conversations/c1")).GetProperty("turns")[0];
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace HybridConversations.EndToEnd.Tests;

/// <summary>Priorities and deadlines on both APIs of the real server.</summary>
public sealed class DeadlineTests : IAsyncLifetime
{
    private static readonly string Long = string.Concat(Enumerable.Repeat("one two three four ", 90));
    private readonly string _data = Directory.CreateTempSubdirectory("hc-deadline-").FullName;
    private ServerProcess _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerProcess.Start(_data);

        // What a step costs is known after some of them.
        await _server.Conversations.Get("warm").Ask("Tell me a story.");
        await _server.Conversations.Get("warm").Ask("Tell me a story.");
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task A_deadline_that_cannot_be_met_is_refused_at_once_with_a_time_to_try_again()
    {
        using var turn = await _server.Http.PostAsJsonAsync("conversations/late/turns", new { turnId = "t", text = Long, deadlineMs = 2, priority = "voice" });
        await CheckRefused(turn, body => body["code"]);
        using var completion = await _server.Http.PostAsJsonAsync(
            "v1/chat/completions", new { messages = new[] { new { role = "user", content = Long } }, deadlineMs = 2, priority = "background" });
        await CheckRefused(completion, body => body["error"]!["code"]);

        // The words of the turn are kept, and the same id may be said again with more patience.
        Assert.NotEmpty((await _server.Conversations.Get("late").Ask(Long, "t")).Text);
    }

    [Theory]
    [InlineData("priority", "\"urgent\"")]
    [InlineData("deadlineMs", "0")]
    [InlineData("deadlineMs", "\"soon\"")]
    public async Task What_is_no_priority_or_deadline_is_refused_by_both(string member, string value)
    {
        foreach (var (path, body) in new[]
        {
            ("conversations/bad/turns", $$"""{ "turnId": "t", "text": "hello", "{{member}}": {{value}} }"""),
            ("v1/chat/completions", $$"""{ "messages": [{ "role": "user", "content": "hello" }], "{{member}}": {{value}} }"""),
        })
        {
            using var answer = await _server.Http.PostAsync(path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains(member, await answer.Content.ReadAsStringAsync());
        }
    }

    private static async Task CheckRefused(HttpResponseMessage answer, Func<JsonNode, JsonNode?> code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        if (text.Contains("event: failed\n", StringComparison.Ordinal))
        {
            // A machine that took more than a second to refuse has begun the stream: the refusal is its end.
            Assert.Contains($"\"code\":\"{ProblemCodes.DeadlineUnreachable}\"", text);
            Assert.Contains("\"retryAfterMs\":", text);
            return;
        }

        Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable, text);
        Assert.True(answer.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1), $"{answer.Headers.RetryAfter}");
        Assert.Equal(ProblemCodes.DeadlineUnreachable, code(JsonNode.Parse(text)!)!.GetValue<string>());
    }
}

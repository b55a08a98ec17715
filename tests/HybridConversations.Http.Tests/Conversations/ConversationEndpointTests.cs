using System.Net;
using System.Text.Json;

namespace HybridConversations.Http.Tests.Conversations;

public sealed class ConversationEndpointTests
{
    private static readonly DateTimeOffset Then = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_list_is_a_page_with_a_cursor()
    {
        await using var server = await TestServer.Start();
        server.Machine.Script.Page = new ConversationList([new ConversationSummary("c1", 3, Then) { Title = "Hello", Preview = "Hi", State = TurnState.Completed, Route = RouteTarget.Local, AnsweredBy = "jetson-1" }], "next-page");
        var json = await server.Http.GetStringAsync("/conversations?limit=7&cursor=abc%2F1");

        Assert.Equal("""{"conversations":[{"id":"c1","turns":3,"updatedAt":"2026-07-01T12:00:00+00:00","title":"Hello","preview":"Hi","state":"completed","route":"local","answeredBy":"jetson-1"}],"next":"next-page"}""", json);
        Assert.Equal(("abc/1", 7), server.Machine.Script.Listed);
    }

    [Fact]
    public async Task The_list_is_searched()
    {
        await using var server = await TestServer.Start();
        server.Machine.Script.Page = new ConversationList(
            [
                new ConversationSummary("c1", 3, Then) { Title = "Turn on the light", State = TurnState.Completed, Route = RouteTarget.Local, AnsweredBy = "jetson-1" },
                new ConversationSummary("c2", 1, Then.AddHours(-2)) { Title = "Light a fire", State = TurnState.Failed, Route = RouteTarget.Cloud, AnsweredBy = "azure" },
            ],
            null);
        foreach (var (query, ids) in new[]
        {
            ("words=LIGHT", "c1 c2"), ("words=fire", "c2"), ("words=c1", "c1"), ("answeredBy=azure", "c2"), ("route=local", "c1"), ("state=failed", "c2"),
            ("since=2026-07-01T11:00:00Z", "c1"), ("until=2026-07-01T11:00:00Z", "c2"), ("words=nothing", ""),
        })
        {
            var page = JsonElement.Parse(await server.Http.GetStringAsync("/conversations?" + query));
            Assert.Equal((query, ids), (query, string.Join(' ', page.GetProperty("conversations").EnumerateArray().Select(line => line.GetProperty("id").GetString()))));
        }

        foreach (var wrong in new[] { "state=1", "state=asleep", "route=moon", "since=yesterday", "words=" + new string('x', 201) })
        {
            await TurnRequestTests.Problem(await server.Http.GetAsync("/conversations?" + wrong), 400, "invalid-request");
        }
    }

    [Fact]
    public async Task A_history_has_every_member_of_a_turn()
    {
        await using var server = await TestServer.Start();
        server.Machine.Script["c1"].History = new ConversationPage("c1", null, [new TurnRecord
        {
            Sequence = 4,
            TurnId = "t1",
            User = "hi",
            Reply = "hello",
            State = TurnState.Interrupted,
            Repeatable = true,
            Route = RouteTarget.Local,
            RouteReason = "why",
            AnsweredBy = "scripted",
            FinishReason = FinishReason.Interrupted,
            Usage = new TokenUsage(1, 2, 0, 1),
            Timings = new TurnTimings(1, 2, 0),
            Problem = ProblemCodes.Ending(5000),
            StartedAt = Then,
            EndedAt = Then,
        }], Next: 4);
        var page = JsonElement.Parse(await server.Http.GetStringAsync("/conversations/c1?after=3&limit=1"));

        Assert.Equal((3, 1), server.Machine.Script["c1"].WasRead);
        Assert.Equal("c1", page.GetProperty("id").GetString());
        Assert.Equal(JsonValueKind.Null, page.GetProperty("system").ValueKind);
        Assert.Equal(4, page.GetProperty("next").GetInt64());
        var turn = page.GetProperty("turns")[0];
        Assert.Equal("interrupted", turn.GetProperty("state").GetString());
        Assert.Equal("local", turn.GetProperty("route").GetString());
        Assert.Equal("interrupted", turn.GetProperty("finishReason").GetString());
        Assert.True(turn.GetProperty("repeatable").GetBoolean());
        Assert.Equal("stopping", turn.GetProperty("problem").GetProperty("code").GetString());
        foreach (var name in new[] { "turnId", "user", "reply", "routeReason", "usage", "timings", "startedAt", "endedAt", "answeredBy" })
        {
            Assert.NotEqual(JsonValueKind.Null, turn.GetProperty(name).ValueKind);
        }
    }

    [Fact]
    public async Task What_is_not_there_is_404_and_deleting_works_once()
    {
        await using var server = await TestServer.Start();
        using (var missing = await server.Http.GetAsync("/conversations/c1"))
        {
            await TurnRequestTests.Problem(missing, 404, "not-found");
        }

        server.Machine.Script["c1"].History = new ConversationPage("c1", null, [], null);
        using (var deleted = await server.Http.DeleteAsync("/conversations/c1"))
        {
            Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
            Assert.Equal("""{"forgotten":["jetson"],"owed":[]}""", await deleted.Content.ReadAsStringAsync());
        }

        server.Machine.Script["c2"].History = new ConversationPage("c2", null, [], null);
        server.Machine.Script["c2"].Deletion = new Deletion([], ["jetson-2"]);
        using (var owed = await server.Http.DeleteAsync("/conversations/c2"))
        {
            Assert.Equal(HttpStatusCode.Accepted, owed.StatusCode);
            Assert.Equal("""{"forgotten":[],"owed":["jetson-2"]}""", await owed.Content.ReadAsStringAsync());
        }

        using var again = await server.Http.DeleteAsync("/conversations/c1");
        await TurnRequestTests.Problem(again, 404, "not-found");
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("{}", null)]
    [InlineData("""{"heard":null}""", null)]
    [InlineData("""{"heard":"Hello, I"}""", "Hello, I")]
    public async Task An_interrupt_says_what_was_heard(string body, string? heard)
    {
        await using var server = await TestServer.Start();
        server.Machine.Script["c1"].InterruptResult = new InterruptResult("t1", "Hello, I", InterruptOutcome.Stopped);
        using var response = body.Length == 0
            ? await server.Http.PostAsync("/conversations/c1/interrupt", content: null)
            : await server.Post("/conversations/c1/interrupt", body);

        Assert.Equal("""{"turnId":"t1","reply":"Hello, I","outcome":"stopped"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal([heard], server.Machine.Script["c1"].Interrupts);
        Assert.Empty(server.Machine.Script["c1"].TurnInterrupts);
    }

    [Theory]
    [InlineData("""{"turnId":"t/1"}""", null)]
    [InlineData("""{"turnId":"t/1","heard":"Hello, I"}""", "Hello, I")]
    public async Task An_interrupt_may_name_its_turn(string body, string? heard)
    {
        await using var server = await TestServer.Start();
        server.Machine.Script["c1"].InterruptResult = new InterruptResult("t/1", "Hello, I", InterruptOutcome.TooLate);
        using var response = await server.Post("/conversations/c1/interrupt", body);

        Assert.Equal("""{"turnId":"t/1","reply":"Hello, I","outcome":"tooLate"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal([("t/1", heard)], server.Machine.Script["c1"].TurnInterrupts);
        Assert.Empty(server.Machine.Script["c1"].Interrupts);

        using var wrong = await server.Post("/conversations/c1/interrupt", """{"turnId":""}""");
        await TurnRequestTests.Problem(wrong, 400, "invalid-request");
    }

    [Fact]
    public async Task Listening_passes_the_draft_on()
    {
        await using var server = await TestServer.Start();
        using (var first = await server.Post("/conversations/c1/listen", """{"text":"What is","speculate":true,"system":"Be brief."}"""))
        {
            Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        }

        using (var back = await server.Post("/conversations/c1/listen", """{"text":""}"""))
        {
            Assert.Equal(HttpStatusCode.NoContent, back.StatusCode);
        }

        using var wrong = await server.Post("/conversations/c1/listen", "{}");
        await TurnRequestTests.Problem(wrong, 400, "invalid-request");
        Assert.Equal([new SpokenDraft("What is", true, "Be brief."), new SpokenDraft("")], server.Machine.Script["c1"].Drafts);
    }

    [Theory]
    [InlineData("A-z_0.9:me@home~", null)]
    [InlineData("made by an app: ünï 50% #1?", null)]
    [InlineData("日本語😀", null)]
    [InlineData("a%2Fb", "without '/'")]
    [InlineData(" a", "without a space at its start")]
    [InlineData("a\u200bb", "printable")]
    public async Task Conversation_ids_are_checked(string id, string? fault)
    {
        await using var server = await TestServer.Start();
        using var response = await server.Http.GetAsync($"/conversations/{Uri.EscapeDataString(id).Replace("%252F", "%2F")}");
        var problem = await TurnRequestTests.Problem(response, fault is null ? 404 : 400, fault is null ? "not-found" : "invalid-request");
        Assert.Contains(fault ?? "There is no conversation", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task An_id_has_at_most_128_characters()
    {
        await using var server = await TestServer.Start();
        using var fits = await server.Http.GetAsync("/conversations/" + new string('x', 128));
        await TurnRequestTests.Problem(fits, 404, "not-found");
        using var tooLong = await server.Http.GetAsync("/conversations/" + new string('x', 129));
        await TurnRequestTests.Problem(tooLong, 400, "invalid-request");
    }

    [Theory]
    [InlineData("/conversations?limit=0")]
    [InlineData("/conversations?limit=201")]
    [InlineData("/conversations?limit=x")]
    [InlineData("/conversations/c1?after=-1")]
    [InlineData("/conversations/c1?after=9999999999999999999")]
    public async Task Paging_values_are_checked(string path)
    {
        await using var server = await TestServer.Start();
        using var response = await server.Http.GetAsync(path);
        await TurnRequestTests.Problem(response, 400, "invalid-request");
    }
}

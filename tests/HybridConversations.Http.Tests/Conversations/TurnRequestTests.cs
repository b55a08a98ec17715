using System.Net;
using System.Text.Json;
using HybridConversations.Tests.Common.Scripted;

namespace HybridConversations.Http.Tests.Conversations;

public sealed class TurnRequestTests
{
    [Fact]
    public async Task Every_member_reaches_the_conversation()
    {
        await using var server = await TestServer.Start();
        using var response = await server.Post("/conversations/c1/turns", """
            {"turnId":"t1","text":"hi","system":"Be brief.","interrupt":true,"private":true,"think":"local","allowFallback":false,"priority":"voice",
             "deadlineMs":1500,"tenant":"shop","maxTokens":50,"temperature":0.5,"topP":0.9,"topK":40,"minP":0.05,"frequencyPenalty":-1,"presencePenalty":1.5,
             "seed":-7,"stop":["a","b"],"jsonSchema":{"type":"object"}}
            """);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var turn = Assert.Single(server.Machine.Script["c1"].Turns);

        Assert.Equal(new Turn
        {
            TurnId = "t1",
            Text = "hi",
            System = "Be brief.",
            Interrupt = true,
            Private = true,
            Think = ThinkMode.Local,
            AllowFallback = false,
            Priority = TurnPriority.Voice,
            DeadlineMs = 1500,
            Tenant = "shop",
            Sampling = turn.Sampling,
        }, turn);
        Assert.Equal(["a", "b"], turn.Sampling.Stop);
        Assert.Equal(new SamplingOptions
        {
            MaxTokens = 50,
            Temperature = 0.5,
            TopP = 0.9,
            TopK = 40,
            MinP = 0.05,
            FrequencyPenalty = -1,
            PresencePenalty = 1.5,
            Seed = -7,
            Stop = turn.Sampling.Stop,
            JsonSchema = """{"type":"object"}""",
        }, turn.Sampling);
    }

    [Fact]
    public async Task A_turn_of_two_members_takes_every_default()
    {
        await using var server = await TestServer.Start();
        using var response = await server.Post("/conversations/c1/turns", """{"turnId":"t1","text":"hi","stop":null,"maxTokens":16.0}""");
        var turn = Assert.Single(server.Machine.Script["c1"].Turns);

        Assert.Equal(new Turn { TurnId = "t1", Text = "hi", Sampling = turn.Sampling }, turn);
        Assert.Equal(16, turn.Sampling.MaxTokens);
        Assert.Empty(turn.Sampling.Stop);
    }

    [Fact]
    public async Task Unknown_members_are_ignored_and_told_to_the_log_once()
    {
        await using var server = await TestServer.Start();
        for (var turn = 0; turn < 3; turn++)
        {
            using var response = await server.Post("/conversations/c1/turns", """{"turnId":"t1","text":"hi","colour":"red","shape\n":1}""");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Single(server.Log.Entries, entry => entry.Message.Contains("'colour'"));
        Assert.Single(server.Log.Entries, entry => entry.Message.Contains("'shape?'"));
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once()
    {
        await using var server = await TestServer.Start();
        using var response = await server.Post("/conversations/c1/turns", """
            {"turnid":"t1","text":"  ","maxTokens":0,"temperature":2.5,"topP":0,"minP":"much","think":"hard","stop":[1],"seed":1.5,"interrupt":"yes",
             "grammar":"root ::= \"a\"","jsonSchema":"{}"}
            """);
        var problem = await Problem(response, 400, "invalid-request");
        var errors = problem.GetProperty("errors");

        Assert.Equal(
            ["grammar", "interrupt", "maxTokens", "minP", "seed", "stop[0]", "temperature", "text", "think", "topP", "turnId"],
            errors.EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal));
        Assert.Contains("There is 'turnid'", errors.GetProperty("turnId")[0].GetString());
        Assert.Equal("must be 0 to 2; got 2.5.", errors.GetProperty("temperature")[0].GetString());
        Assert.Equal("must be above 0 to 1; got 0.", errors.GetProperty("topP")[0].GetString());
        Assert.Equal("must be one of \"auto\", \"local\", \"cloud\"; got \"hard\".", errors.GetProperty("think")[0].GetString());
        Assert.Contains("turnId: is missing", problem.GetProperty("detail").GetString());
        Assert.Empty(server.Machine.Script["c1"].Turns);
    }

    public static TheoryData<string, int, string, string> Refusals => new()
    {
        { """{"text":"hi"}""", 400, "invalid-request", "turnId: is missing" },
        { """{"turnId":"t1"}""", 400, "invalid-request", "text: is missing" },
        { """{"turnId":"t1","text":""}""", 400, "invalid-request", "0 characters" },
        { """{"turnId":"","text":"x"}""", 400, "invalid-request", "turnId" },
        { """{"turnId":"a\u0007","text":"x"}""", 400, "invalid-request", "control characters" },
        { """{"turnId":7,"text":"x"}""", 400, "invalid-request", "must be a string, not a number" },
        { """{"turnId":"t1","text":"\ud800"}""", 400, "invalid-request", "surrogate" },
        { """{"turnId":"t1","text":"x","text":"y"}""", 400, "invalid-request", "Duplicate" },
        { """{"turnId":"t1","text":"x","temperature":1e999}""", 400, "invalid-request", "temperature" },
        { """{"turnId":"t1","text":"x","maxTokens":99999999999999999999}""", 400, "invalid-request", "maxTokens" },
        { """{"turnId":"t1","text":"x","stop":["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17"]}""", 400, "invalid-request", "at most 16" },
        { """{"turnId":"t1",""", 400, "invalid-request", "not valid JSON at line 1, byte 15" },
        { "{\"turnId\":\"t1\",\n\"text\":oops}", 400, "invalid-request", "not valid JSON at line 2, byte 8" },
        { "[1]", 400, "invalid-request", "must be a JSON object, not an array" },
        { "", 400, "invalid-request", "no body" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_body_that_is_not_valid_gets_a_problem(string body, int status, string code, string detail)
    {
        await using var server = await TestServer.Start();
        using var response = await server.Post("/conversations/c1/turns", body);
        Assert.Contains(detail, (await Problem(response, status, code)).GetProperty("detail").GetString());
        Assert.Empty(server.Machine.Script["c1"].Turns);
    }

    [Fact]
    public async Task Text_that_is_too_long_is_refused()
    {
        await using var server = await TestServer.Start();
        using var response = await server.Post("/conversations/c1/turns", $$"""{"turnId":"t1","text":"{{new string('x', Limits.MaxTurnCharacters + 1)}}"}""");
        Assert.Contains("200001 characters", (await Problem(response, 400, "invalid-request")).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_deep_body_is_refused()
    {
        await using var server = await TestServer.Start();
        using var response = await server.Post("/conversations/c1/turns", $$"""{"turnId":"t1","text":"x","x":{{new string('[', 200)}}{{new string(']', 200)}}}""");
        Assert.Contains("not valid JSON", (await Problem(response, 400, "invalid-request")).GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData(409, "turn-in-progress", null)]
    [InlineData(413, "prompt-too-long", null)]
    [InlineData(503, "overloaded", "3")]
    public async Task A_refusal_before_anything_was_said_is_an_http_status(int status, string code, string? retryAfter)
    {
        await using var server = await TestServer.Start(new HttpLimits { RefusalWindow = TimeSpan.FromSeconds(10) });
        var problem = new Problem(code, status, "What to do.", Retryable: status == 503, retryAfter is null ? null : 2400);
        foreach (var routed in new[] { false, true })
        {
            server.Machine.Script.Reply = (turn, _) => routed
                ? TurnStreamTests.Events(ScriptedConversation.Routed, new ReplyFailed(turn.TurnId, problem))
                : TurnStreamTests.Events(new ReplyFailed(turn.TurnId, problem));
            using var response = await server.Post("/conversations/c1/turns", """{"turnId":"t1","text":"hi"}""");
            var document = await Problem(response, status, code);

            Assert.Equal("t1", document.GetProperty("turnId").GetString());
            Assert.Equal("What to do.", document.GetProperty("detail").GetString());
            Assert.Equal(retryAfter, response.Headers.RetryAfter?.ToString());
        }
    }

    [Fact]
    public async Task A_fault_is_a_problem_without_its_inner_workings()
    {
        await using var server = await TestServer.Start();
        server.Machine.Script.Reply = (_, _) => TurnStreamTests.Faulty(afterText: false);
        using var response = await server.Post("/conversations/c1/turns", """{"turnId":"t1","text":"hi"}""");
        var problem = await Problem(response, 500, "internal-error");

        Assert.DoesNotContain("secret", problem.GetRawText());
        Assert.DoesNotContain(" at ", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task One_turn_more_than_there_may_be_is_refused_and_places_are_given_back()
    {
        await using var server = await TestServer.Start(new HttpLimits { OpenTurns = 1 });
        var gate = new TaskCompletionSource();
        server.Machine.Script.Reply = (turn, _) => Held(turn, gate.Task);
        using var first = await server.PostStreaming("/conversations/c1/turns", """{"turnId":"t1","text":"hi"}""");
        using (var second = await server.Post("/conversations/c2/turns", """{"turnId":"t1","text":"hi"}"""))
        {
            await Problem(second, 503, "overloaded");
            Assert.NotNull(second.Headers.RetryAfter);
        }

        gate.SetResult();
        await first.Content.ReadAsStringAsync();
        using var third = await server.Post("/conversations/c2/turns", """{"turnId":"t2","text":"hi"}""");
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
    }

    internal static async Task<JsonElement> Problem(HttpResponseMessage response, int status, string code)
    {
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var document = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(code, document.GetProperty("code").GetString());
        Assert.Equal(status, document.GetProperty("status").GetInt32());
        Assert.Equal("urn:hybrid-conversations:problem:" + code, document.GetProperty("type").GetString());
        Assert.NotEqual("", document.GetProperty("title").GetString());
        return document;
    }

    private static async IAsyncEnumerable<ReplyEvent> Held(Turn turn, Task gate)
    {
        yield return ScriptedConversation.Routed;
        yield return new ReplyText("wait");
        await gate;
        yield return ScriptedConversation.Completed(turn.TurnId, "wait");
    }
}

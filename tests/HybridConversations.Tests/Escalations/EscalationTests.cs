using HybridConversations.Escalations.Endpoints;
using HybridConversations.Escalations.Ledger;
using HybridConversations.Tests.Common.MisbehavingCloud;

namespace HybridConversations.Tests.Escalations;

public sealed class EscalationTests
{
    [Fact]
    public async Task A_good_answer_streams_and_is_booked_as_the_server_counted()
    {
        await using var cloud = await CloudFixture.Start();
        cloud.Server.Next(Misbehaviour.Answer("The ", "moon ", "pulls.") with { CachedTokens = 2 });

        var (text, finished) = await cloud.Ask();

        var call = Assert.Single(cloud.Server.Calls);
        Assert.Equal("The moon pulls.", text);
        Assert.Equal(new EscalationFinished("test-cloud", FinishReason.Stop, call.PromptTokens, 3, 2, ((call.PromptTokens - 2) * 2.5m + 2 * 1.25m + 3 * 10m) / 1_000_000), finished);
        var booked = await cloud.OnlyTry();
        Assert.Equal((LedgerState.Settled, "completed", finished.Cost), (booked.State, booked.Outcome, booked.Cost));
        Assert.Equal(new CloudUsage(call.PromptTokens, 3, 2), booked.Tokens);
        var status = await cloud.Escalation.Status("default");
        Assert.Equal(new EscalationStatus("test-cloud", true, null, finished.Cost, finished.Cost, 0), status);
    }

    [Fact]
    public async Task Text_is_passed_on_as_it_comes()
    {
        await using var cloud = await CloudFixture.Start();
        var hold = new Hold();
        cloud.Server.Next(Misbehaviour.GapBefore(1, hold));

        await using var events = cloud.Escalation.Ask(CloudFixture.Request()).GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());
        Assert.Equal("The ", Assert.IsType<EscalationText>(events.Current).Text);
        Assert.Equal(1, (await cloud.Escalation.Status("default")).InFlight);
        hold.Release();
        while (await events.MoveNextAsync())
        {
        }

        Assert.Equal(0, (await cloud.Escalation.Status("default")).InFlight);
    }

    [Theory]
    [InlineData(401, 502, "key", 1, LedgerState.Released)]
    [InlineData(403, 502, "forbids", 1, LedgerState.Released)]
    [InlineData(404, 502, "base-address", 1, LedgerState.Released)]
    [InlineData(400, 502, "refuses", 1, LedgerState.Released)]
    [InlineData(429, 502, "too much", 3, LedgerState.Released)]
    [InlineData(500, 502, "500", 3, LedgerState.Released)]
    [InlineData(502, 502, "502", 3, LedgerState.Released)]
    [InlineData(503, 502, "503", 3, LedgerState.Released)]
    [InlineData(302, 502, "elsewhere", 1, LedgerState.Released)]
    public async Task A_refusal_says_what_it_means_and_costs_nothing(int status, int problemStatus, string says, int calls, LedgerState booked)
    {
        await using var cloud = await CloudFixture.Start();
        cloud.Server.Otherwise = Misbehaviour.Refuse(status, "The server's own words.");

        var problem = await cloud.Fail();

        Assert.Equal((ProblemCodes.CloudFailed, problemStatus), (problem.Code, problem.Status));
        Assert.Contains(says, problem.Detail, StringComparison.Ordinal);
        Assert.Contains("The server's own words.", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("test-cloud", problem.Detail, StringComparison.Ordinal);
        Assert.Equal(calls, cloud.Server.Calls.Count);
        Assert.All(await cloud.Tries(), t => Assert.Equal((booked, $" {status}"), (t.State, t.Outcome[^4..])));
    }

    [Fact]
    public async Task A_failure_before_the_first_text_is_tried_again_and_the_answer_is_whole()
    {
        await using var cloud = await CloudFixture.Start();
        cloud.Server.Next(Misbehaviour.Refuse(503), Misbehaviour.Cut(0), Misbehaviour.Answer("Here."));

        var (text, finished) = await cloud.Ask();

        Assert.Equal("Here.", text);
        Assert.Equal(FinishReason.Stop, finished.FinishReason);
        var tries = await cloud.Tries();
        Assert.Equal([LedgerState.Released, LedgerState.Estimated, LedgerState.Settled], tries.Select(t => t.State));
        Assert.Equal(tries.Sum(t => t.Cost), finished.Cost);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cut_in_the_middle_keeps_the_text_and_is_never_asked_for_again(bool eventIds)
    {
        await using var cloud = await CloudFixture.Start();
        var cut = new Hold();
        cloud.Server.Next(Misbehaviour.Cut(2, cut) with { EventIds = eventIds });

        var (text, finished) = await cloud.Ask(heard: text => Release(text, "The cloud ", cut));

        Assert.Equal("The cloud ", text);
        Assert.Equal((FinishReason.Cut, true), (finished.FinishReason, finished.Estimated));
        Assert.Contains("broke off", finished.Note, StringComparison.Ordinal);
        var call = Assert.Single(cloud.Server.Calls);
        Assert.Null(call.LastEventId);
        var booked = await cloud.OnlyTry();
        Assert.Equal((LedgerState.Estimated, "Cut"), (booked.State, booked.Outcome));
        Assert.True(booked.Tokens.Input >= call.PromptTokens && booked.Tokens.Output >= call.CompletionTokens);
        Assert.Equal(booked.Cost, finished.Cost);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_that_ends_without_a_finish_reason_is_a_cut(bool eventIds)
    {
        await using var cloud = await CloudFixture.Start();
        cloud.Server.Next(Misbehaviour.None with { EndAfter = 3, EventIds = eventIds });

        var (text, finished) = await cloud.Ask();

        Assert.Equal("The cloud has ", text);
        Assert.Equal(FinishReason.Cut, finished.FinishReason);
        Assert.Single(cloud.Server.Calls);
    }

    [Fact]
    public async Task Garbage_in_the_middle_is_a_cut()
    {
        await using var cloud = await CloudFixture.Start();
        cloud.Server.Next(Misbehaviour.Malformed(2));

        var (text, finished) = await cloud.Ask();

        Assert.Equal("The cloud ", text);
        Assert.Equal(FinishReason.Cut, finished.FinishReason);
    }

    [Theory]
    [InlineData("data: {\"choices\": [{\"delta\": {\"content\": \n\n")]
    [InlineData("data: 42\n\n")]
    [InlineData("data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"},\"finish_reason\":7}]}\n\n")]
    [InlineData("this is no event stream\n\n")]
    [InlineData("data: {\"error\":{\"message\":\"The model fell over.\",\"type\":\"server_error\"}}\n\ndata: [DONE]\n\n")]
    public async Task Garbage_instead_of_an_answer_is_a_failure(string garbage)
    {
        await using var cloud = await CloudFixture.Start();
        cloud.Server.Otherwise = Misbehaviour.Malformed(0) with { Garbage = garbage };

        var problem = await cloud.Fail();

        Assert.Equal((ProblemCodes.CloudFailed, 502), (problem.Code, problem.Status));
        if (garbage.Contains("fell over", StringComparison.Ordinal))
        {
            Assert.Contains("The model fell over.", problem.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Another_content_type_is_a_failure_at_once()
    {
        await using var cloud = await CloudFixture.Start();
        cloud.Server.Otherwise = Misbehaviour.WrongContentType;

        var problem = await cloud.Fail();

        Assert.Contains("text/html", problem.Detail, StringComparison.Ordinal);
        Assert.Single(cloud.Server.Calls);
    }

    [Fact]
    public async Task An_empty_reply_is_a_failure_that_is_paid_for_once()
    {
        await using var cloud = await CloudFixture.Start();
        cloud.Server.Otherwise = Misbehaviour.Empty;

        var problem = await cloud.Fail();

        Assert.Equal(ProblemCodes.CloudFailed, problem.Code);
        Assert.Contains("empty", problem.Detail, StringComparison.Ordinal);
        var call = Assert.Single(cloud.Server.Calls);
        var booked = await cloud.OnlyTry();
        Assert.Equal((LedgerState.Settled, new CloudUsage(call.PromptTokens, 0, 0)), (booked.State, booked.Tokens));
    }

    [Fact]
    public async Task A_content_filter_says_so_before_and_within_a_reply()
    {
        await using var cloud = await CloudFixture.Start();
        cloud.Server.Next(Misbehaviour.Filtered(), Misbehaviour.Filtered("Well, ", "first "),
            Misbehaviour.Refuse(400) with { Body = Misbehaviour.Error("The prompt triggered a policy.", "content_filter") });

        Assert.Contains("content filter withheld the reply", (await cloud.Fail()).Detail, StringComparison.Ordinal);
        var (text, finished) = await cloud.Ask();
        Assert.Equal(("Well, first ", FinishReason.Cut), (text, finished.FinishReason));
        Assert.Contains("content filter", finished.Note, StringComparison.Ordinal);
        Assert.Contains("content filter refused the prompt", (await cloud.Fail()).Detail, StringComparison.Ordinal);
        Assert.Equal([LedgerState.Settled, LedgerState.Settled, LedgerState.Released], (await cloud.Tries()).Select(t => t.State));
    }

    [Fact]
    public async Task Missing_usage_is_estimated_and_marked()
    {
        await using var cloud = await CloudFixture.Start();
        cloud.Server.Next(Misbehaviour.NoUsage);

        var (_, finished) = await cloud.Ask();

        var call = Assert.Single(cloud.Server.Calls);
        Assert.Equal((FinishReason.Stop, true), (finished.FinishReason, finished.Estimated));
        Assert.True(finished.PromptTokens >= call.PromptTokens && finished.CompletionTokens >= call.CompletionTokens && finished.Cost > 0);
        Assert.Equal(LedgerState.Estimated, (await cloud.OnlyTry()).State);
        Assert.Equal(1, Assert.Single(await cloud.Ledger.Days(DateOnly.MinValue, DateOnly.MaxValue)).Totals.Unsure);
    }

    [Fact]
    public async Task Usage_in_every_chunk_makes_a_cut_exact_and_still_marked()
    {
        await using var cloud = await CloudFixture.Start();
        var cut = new Hold();
        cloud.Server.Next(Misbehaviour.Cut(2, cut) with { Usage = UsageReport.InEveryChunk, Pieces = ["a", "b", "c"] });

        var (_, finished) = await cloud.Ask(heard: text => Release(text, "ab", cut));

        var call = Assert.Single(cloud.Server.Calls);
        Assert.Equal((call.PromptTokens, call.CompletionTokens, true), (finished.PromptTokens, finished.CompletionTokens, finished.Estimated));
    }

    [Fact]
    public async Task A_cloud_that_is_off_fails_and_answers_again_when_it_is_back()
    {
        await using var cloud = await CloudFixture.Start();
        await cloud.Ask();
        await cloud.Server.TurnOff();

        var problem = await cloud.Fail();

        Assert.Equal((ProblemCodes.CloudFailed, 502, true), (problem.Code, problem.Status, problem.Retryable));
        Assert.Contains("cannot be reached", problem.Detail, StringComparison.Ordinal);
        Assert.All((await cloud.Tries()).Skip(1), t => Assert.Equal((LedgerState.Released, "Unreachable"), (t.State, t.Outcome)));
        await cloud.Server.TurnOn();
        Assert.Equal("The cloud has thought about it.", (await cloud.Ask()).Text);
    }

    [Fact]
    public async Task A_caller_who_leaves_ends_the_call_and_it_is_booked_at_its_estimate()
    {
        await using var cloud = await CloudFixture.Start();
        cloud.Server.Next(Misbehaviour.GapBefore(2));
        using var leave = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cloud.Ask(
            heard: text => leave.CancelAfter(text == "The cloud " ? TimeSpan.Zero : Timeout.InfiniteTimeSpan), cancellationToken: leave.Token));

        await cloud.Server.Calls[0].Ended.WaitAsync(TimeSpan.FromSeconds(10));
        var booked = await cloud.OnlyTry();
        Assert.Equal((LedgerState.Estimated, "abandoned"), (booked.State, booked.Outcome));
        Assert.True(booked.Tokens.Output >= 2);
        Assert.Equal(0, (await cloud.Escalation.Status("default")).InFlight);
    }

    [Fact]
    public async Task A_reader_who_stops_reading_ends_the_call()
    {
        await using var cloud = await CloudFixture.Start();
        cloud.Server.Next(Misbehaviour.GapBefore(1));

        await foreach (var e in cloud.Escalation.Ask(CloudFixture.Request()))
        {
            Assert.IsType<EscalationText>(e);
            break;
        }

        await cloud.Server.Calls[0].Ended.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("abandoned", (await cloud.OnlyTry()).Outcome);
        Assert.Equal(0, (await cloud.Escalation.Status("default")).InFlight);
    }

    [Fact]
    public async Task The_conversation_is_cut_to_the_window_by_whole_turns()
    {
        await using var cloud = await CloudFixture.Start(o => o with { Window = 1_000, MaxOutputTokens = 500 });
        var messages = new List<ChatMessage> { new(ChatMessage.System, "Be brief.") };
        for (var i = 0; i < 20; i++)
        {
            messages.Add(new ChatMessage(ChatMessage.User, $"Question {i}: {new string('q', 150)}"));
            messages.Add(new ChatMessage(ChatMessage.Assistant, $"Answer {i}: {new string('a', 150)}"));
        }

        messages.Add(new ChatMessage(ChatMessage.User, "And now?"));
        await cloud.Ask(new EscalationRequest("c1", "default", messages, new SamplingOptions()));

        var sent = cloud.Server.Calls[0].Json.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("content").GetString()!).ToList();
        Assert.Equal("Be brief.", sent[0]);
        Assert.Equal("And now?", sent[^1]);
        Assert.StartsWith("Question 16", sent[1], StringComparison.Ordinal);
        Assert.Equal(10, sent.Count);
    }

    [Fact]
    public async Task A_turn_too_long_for_the_window_is_refused_without_a_call()
    {
        await using var cloud = await CloudFixture.Start(o => o with { Window = 1_000, MaxOutputTokens = 500 });

        var problem = await cloud.Fail(CloudFixture.Request(new string('x', 3_000)));

        Assert.Equal(ProblemCodes.CloudFailed, problem.Code);
        Assert.Contains("500 fit", problem.Detail, StringComparison.Ordinal);
        Assert.Empty(cloud.Server.Calls);
    }

    [Fact]
    public async Task A_prompt_that_the_server_finds_too_long_is_cut_further_once()
    {
        await using var cloud = await CloudFixture.Start(o => o with { Window = 2_000, MaxOutputTokens = 100 });
        var tooLong = Misbehaviour.Refuse(400) with { Body = Misbehaviour.Error("This model's maximum context length is 900 tokens.", "context_length_exceeded") };
        var messages = Enumerable.Range(0, 41).Select(i => new ChatMessage(i % 2 == 0 ? ChatMessage.User : ChatMessage.Assistant, new string('w', 120))).ToList();
        cloud.Server.Next(tooLong, Misbehaviour.None, tooLong, tooLong);

        await cloud.Ask(new EscalationRequest("c1", "default", messages, new SamplingOptions()));
        var lengths = cloud.Server.Calls.Select(c => c.Json.GetProperty("messages").GetArrayLength()).ToList();
        Assert.True(lengths[1] is > 1 && lengths[1] <= lengths[0] / 2 + 1, $"{lengths[0]}, then {lengths[1]}");

        var problem = await cloud.Fail();
        Assert.Contains("too long", problem.Detail, StringComparison.Ordinal);
        Assert.Equal(4, cloud.Server.Calls.Count);
    }

    [Fact]
    public async Task Stop_strings_beyond_what_the_protocol_takes_are_looked_for_here()
    {
        await using var cloud = await CloudFixture.Start();
        cloud.Server.Next(Misbehaviour.Answer("One. ", "Two. E", "ND of it. ", "Three."));

        var (text, finished) = await cloud.Ask(CloudFixture.Request(sampling: new SamplingOptions { Stop = ["1", "2", "3", "4", "END"] }));

        Assert.Equal(("One. Two. ", FinishReason.Stop, true), (text, finished.FinishReason, finished.Estimated));
        Assert.False(cloud.Server.Calls[0].Json.TryGetProperty("stop", out _));
        Assert.Equal("stopped", (await cloud.OnlyTry()).Outcome);
    }

    [Fact]
    public async Task A_grammar_stays_at_home()
    {
        await using var cloud = await CloudFixture.Start();

        var problem = await cloud.Fail(CloudFixture.Request(sampling: new SamplingOptions { Grammar = "root ::= \"yes\"" }));

        Assert.Equal(ProblemCodes.CloudFailed, problem.Code);
        Assert.Empty(cloud.Server.Calls);
    }

    [Fact]
    public async Task A_length_finish_is_reported_as_such()
    {
        await using var cloud = await CloudFixture.Start();
        cloud.Server.Next(Misbehaviour.None with { Finish = "length" });

        Assert.Equal(FinishReason.Length, (await cloud.Ask()).Finished.FinishReason);
    }

    [Fact]
    public async Task A_ledger_that_cannot_be_written_forbids_the_call()
    {
        await using var cloud = await CloudFixture.Start();
        await cloud.Ledger.DisposeAsync();

        var problem = await cloud.Fail();

        Assert.Equal(ProblemCodes.CloudFailed, problem.Code);
        Assert.Contains("ledger", problem.Detail, StringComparison.Ordinal);
        Assert.Empty(cloud.Server.Calls);
    }

    [Fact]
    public async Task A_ledger_that_fails_after_the_answer_does_not_take_it_back()
    {
        await using var cloud = await CloudFixture.Start();
        var hold = new Hold();
        cloud.Server.Next(Misbehaviour.GapBefore(3, hold));

        var asking = cloud.Ask();
        await hold.Reached;
        await cloud.Ledger.DisposeAsync();
        hold.Release();

        Assert.Equal("The cloud has thought about it.", (await asking).Text);
        Assert.Contains("could not be settled", cloud.Logs.Text, StringComparison.Ordinal);
    }

    private static void Release(string heard, string awaited, Hold hold)
    {
        if (heard == awaited)
        {
            hold.Release();
        }
    }
}

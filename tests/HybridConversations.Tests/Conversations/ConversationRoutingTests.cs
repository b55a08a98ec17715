
namespace HybridConversations.Tests.Conversations;

/// <summary>The cloud, its failures, and what must never go there.</summary>
public sealed class ConversationRoutingTests : ConversationFixture
{
    private readonly FixedRouter _toCloud = new(RouteTarget.Cloud);

    public ConversationRoutingTests()
    {
        Router = _toCloud;
        Cloud = new ScriptedEscalation();
        Device.Script = _ => ["From the device."];
    }

    [Fact]
    public async Task The_cloud_answers_in_the_same_events()
    {
        var events = await Conversation.Say(Turn("hello") with { Tenant = "acme", System = "Be brief.", DeadlineMs = 5000 }).ToList();

        Assert.Equal(new ReplyRouted(RouteTarget.Cloud, "The test said so.", "fixed", 0.9), events[0]);
        Assert.Equal(["From the ", "cloud."], events.OfType<ReplyText>().Select(e => e.Text));
        Assert.Equal([new ReplySentence("From the cloud.")], events.OfType<ReplySentence>());
        Assert.Equal(new TokenUsage(100, 7, 20, 80), events.Completed().Usage);
        Assert.Equal(0, Device.Generations);
        var request = Assert.Single(Cloud!.Requests);
        Assert.Equal(("c", "acme", 5000), (request.ConversationId, request.Tenant, request.DeadlineMs!.Value));
        Assert.Equal([new ChatMessage("system", "Be brief."), new ChatMessage("user", "hello")], request.Messages);
        var stored = await Stored("t-hello");
        Assert.Equal((RouteTarget.Cloud, "test-cloud", 0.9), (stored.Route!.Value, stored.AnsweredBy, stored.RouteScore!.Value));
    }

    [Theory]
    [InlineData(RouteTarget.Cloud)]
    [InlineData(RouteTarget.Local)]
    public async Task Whoever_answers_has_the_devices_system_prompt_where_nobody_gave_one(RouteTarget target)
    {
        Router = new FixedRouter(target);
        Device.SystemPrompt = "You are Pip.";
        await Conversation.Say(Turn("hello")).ToList();

        var messages = target == RouteTarget.Cloud ? Assert.Single(Cloud!.Requests).Messages : Device.LastRequest!.Messages;
        Assert.Equal([new ChatMessage("system", "You are Pip."), new ChatMessage("user", "hello")], messages);
    }

    [Fact]
    public async Task The_router_sees_the_last_turns_the_device_and_the_cloud()
    {
        Options = Options with { RouterTurns = 2 };
        await Conversation.Say(Turn("one")).ToList();
        await Conversation.Say(Turn("two") with { Private = true }).ToList();
        await Conversation.Say(Turn("three")).ToList();
        await Conversation.Say(Turn("four")).ToList();
        var seen = _toCloud.LastRequest;
        Assert.Equal("four", seen.Turn.Text);
        Assert.Equal([("two", RouteTarget.Local, 0.9), ("three", RouteTarget.Cloud, 0.9)], seen.Recent.Select(r => (r.Text, r.Target, r.Score)));
        Assert.Equal(("scripted", "test-cloud"), (seen.Device!.DeviceId, seen.Cloud!.Endpoint));
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("breaks")]
    [InlineData("empty")]
    [InlineData("silent")]
    [InlineData("cut")]
    public async Task A_cloud_that_fails_before_its_first_word_is_replaced_by_the_device(string how)
    {
        Break(how, afterText: false);
        var events = await Conversation.Say(Turn("hello")).ToList();

        Assert.Equal([RouteTarget.Cloud, RouteTarget.Local], events.OfType<ReplyRouted>().Select(e => e.Target));
        var second = events.OfType<ReplyRouted>().Last();
        Assert.Equal("cloud-failed", second.Policy);
        Assert.Equal("From the device.", events.Completed().Text);
        var stored = await Stored("t-hello");
        Assert.Equal((RouteTarget.Local, "cloud-failed", "scripted"), (stored.Route!.Value, stored.RoutePolicy, stored.AnsweredBy));
        Assert.Equal(second.Reason, stored.RouteReason);
    }

    [Theory]
    [InlineData("throws", "cloud-failed")]
    [InlineData("breaks", "internal-error")]
    [InlineData("empty", "cloud-failed")]
    [InlineData("cut", "cloud-failed")]
    public async Task Unless_the_caller_forbids_it(string how, string code)
    {
        Break(how, afterText: false);
        var events = await Conversation.Say(Turn("hello") with { AllowFallback = false }).ToList();
        Assert.Equal(code, events.Failed().Code);
        Assert.Equal(0, Device.Generations);
        Assert.True((await Stored("t-hello")).Repeatable);
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("breaks")]
    [InlineData("silent")]
    [InlineData("cut")]
    public async Task A_cloud_that_breaks_off_in_the_middle_leaves_its_part_marked(string how)
    {
        Break(how, afterText: true);
        var events = await Conversation.Say(Turn("hello")).ToList();
        var completed = events.Completed();
        Assert.Equal(("Half a ", FinishReason.Cut), (completed.Text, completed.FinishReason));
        Assert.Equal(0, Device.Generations);
        var stored = await Stored("t-hello");
        Assert.Equal((TurnState.Completed, FinishReason.Cut, "Half a ", "test-cloud"), (stored.State, stored.FinishReason!.Value, stored.Reply, stored.AnsweredBy));
        Assert.NotNull(stored.Problem);
    }

    [Fact]
    public async Task Without_a_cloud_a_turn_that_was_sent_there_is_answered_here()
    {
        Cloud = null;
        var events = await Conversation.Say(Turn("hello")).ToList();
        Assert.Equal("From the device.", events.Completed().Text);
        Assert.Equal(ProblemCodes.CloudFailed, (await Conversation.Say(Turn("again") with { AllowFallback = false }).ToList()).Failed().Code);
    }

    [Fact]
    public async Task A_private_turn_stays_whatever_the_router_says()
    {
        var events = await Conversation.Say(Turn("my secret") with { Private = true, Think = ThinkMode.Cloud }).ToList();
        Assert.Equal((RouteTarget.Local, "private"), events[0] is ReplyRouted routed ? (routed.Target, routed.Policy) : default);
        Assert.Equal("From the device.", events.Completed().Text);
        Assert.Empty(Cloud!.Requests);
        Assert.True((await Stored("t-my secret")).Private);
    }

    [Fact]
    public async Task A_turn_for_one_device_stays_whatever_the_router_says()
    {
        var events = await Conversation.Say(Turn("here") with { Device = "scripted" }).ToList();
        Assert.Equal((RouteTarget.Local, "demand"), events[0] is ReplyRouted routed ? (routed.Target, routed.Policy) : default);
        Assert.Empty(Cloud!.Requests);
        Assert.False((await Stored("t-here")).Private);
    }

    [Fact]
    public async Task A_private_turn_that_fails_here_fails()
    {
        Device.Refusal = new ProblemException(ProblemCodes.Overload("Full.", 1));
        Assert.Equal(ProblemCodes.Overloaded, (await Conversation.Say(Turn("my secret") with { Private = true }).ToList()).Failed().Code);
        Assert.Empty(Cloud!.Requests);
    }

    [Fact]
    public async Task Private_words_never_reach_the_cloud_as_history()
    {
        await Conversation.Say(Turn("open")).ToList();
        Device.Script = _ => ["secret reply"];
        await Conversation.Say(Turn("secret words") with { Private = true }).ToList();
        await Conversation.Interrupt(""); // An unanswered turn would be joined to the next.
        await Conversation.Say(Turn("more secret") with { Private = true }).ToList();
        await Restart();
        await Conversation.Say(Turn("open again")).ToList();

        var all = string.Join('|', Cloud!.Requests.SelectMany(r => r.Messages).Select(m => m.Content));
        Assert.DoesNotContain("secret", all, StringComparison.Ordinal);
        Assert.Equal(["open", "From the cloud.", "open again"], Cloud.Requests.Last().Messages.Select(m => m.Content));

        Router = new FixedRouter(RouteTarget.Local);
        await Restart();
        await Conversation.Say(Turn("here")).ToList();
        Assert.Contains("user: secret words\nmore secret", Shown());
    }

    [Fact]
    public async Task A_turn_that_was_private_once_stays_private_when_it_is_sent_again()
    {
        Device.Refusal = new ProblemException(ProblemCodes.Overload("Full.", 1));
        await Conversation.Say(Turn("secret") with { Private = true }).ToList();
        Device.Refusal = null;
        var again = await Conversation.Say(Turn("secret")).ToList();
        Assert.Equal(RouteTarget.Local, again.OfType<ReplyRouted>().Single().Target);
        Assert.Empty(Cloud!.Requests);
    }

    [Fact]
    public async Task Leaving_while_the_cloud_thinks_does_not_start_the_device()
    {
        using var leave = new CancellationTokenSource();
        Cloud!.Reply = ["Half a ", "reply"];
        await using var reader = new ReplyReader(Conversation.Say(Turn("hello"), leave.Token));
        await reader.Until<ReplyText>();
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(reader.Next);
        Assert.Equal(0, Device.Generations);
        var stored = await Stored("t-hello");
        Assert.Equal((TurnState.Interrupted, true, "Half a "), (stored.State, stored.Repeatable, stored.Reply));
    }

    private void Break(string how, bool afterText)
    {
        IReadOnlyList<object> text = afterText ? ["Half a "] : [];
        Cloud!.BreaksOff = how == "silent";
        Cloud.FinishReason = how == "cut" ? FinishReason.Cut : FinishReason.Stop;
        Cloud.Reply = how switch
        {
            "throws" => [.. text, new ProblemException(new Problem(ProblemCodes.CloudFailed, 502, "It is down.", Retryable: true))],
            "breaks" => [.. text, new HttpRequestException("connection refused")],
            "empty" => [.. text, ""],
            _ => text,
        };
    }
}

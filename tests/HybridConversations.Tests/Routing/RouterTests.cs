using HybridConversations.Routing;

namespace HybridConversations.Tests.Routing;

public sealed class RouterTests
{
    /// <summary>Bytes of a decision: its record, its reason of at most 255 characters and the boxed nothing.</summary>
    private const long AllowedBytes = 768;

    private readonly Router _router = new();

    [Theory]
    [InlineData(RouteRequests.Hard)]
    [InlineData(RouteRequests.Everyday)]
    [InlineData("now make it shorter")]
    [InlineData("think hard about the meaning of life")]
    [InlineData("keep this private")]
    public void A_decision_allocates_its_record_and_its_reason(string text)
    {
        var request = RouteRequests.Of(text, new RoutedTurn(RouteRequests.Hard, RouteTarget.Cloud, 0.9), new RoutedTurn("thanks", RouteTarget.Local, 0));
        for (var i = 0; i < 200; i++)
        {
            _router.Decide(request);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            _router.Decide(request);
        }

        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / 100;

        Assert.InRange(each, 1, AllowedBytes);
    }

    [Fact]
    public void The_longest_turn_allocates_no_more()
    {
        var request = RouteRequests.Of(new string('x', Limits.MaxTurnCharacters / 2) + string.Concat(Enumerable.Repeat(" compare kubernetes", 5000)));
        _router.Decide(request);

        var before = GC.GetAllocatedBytesForCurrentThread();
        _router.Decide(request);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, AllowedBytes);
    }

    [Fact]
    public void The_same_request_gives_the_same_decision_on_every_thread()
    {
        string[] texts = [RouteRequests.Hard, RouteRequests.Everyday, "why", "think hard", "plan a trip to rome", "what's a plan"];
        var expected = texts.Select(text => _router.Decide(RouteRequests.Of(text))).ToArray();

        Parallel.For(0, 600, i => Assert.Equal(expected[i % texts.Length], new Router().Decide(RouteRequests.Of(texts[i % texts.Length]))));
    }

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void Hostile_text_gets_a_decision(string text)
    {
        var decision = _router.Decide(RouteRequests.Of(text, new RoutedTurn(text, RouteTarget.Cloud, 0.9)));

        Assert.InRange(decision.Score, 0, 1);
        Assert.InRange(decision.Reason.Length, 1, 300);
    }

    [Fact]
    public void What_is_asked_after_a_long_paste_counts()
    {
        var paste = string.Concat(Enumerable.Repeat("it was a nice day and we went to the park ", 2000));

        Assert.True(_router.Explain(paste + " now write me a python script that counts the words in this text").Score > _router.Explain(paste).Score);
    }

    [Fact]
    public void Without_a_cloud_the_local_router_keeps_everything() => Assert.Equal(RouteTarget.Local, new LocalRouter().Decide(RouteRequests.Of(RouteRequests.Hard)).Target);

    public static TheoryData<string> HostileTexts() =>
    [
        "",
        " ",
        "?",
        new string('a', Limits.MaxTurnCharacters),
        new string(' ', Limits.MaxTurnCharacters),
        new string('\'', Limits.MaxTurnCharacters),
        string.Concat(Enumerable.Repeat("a ", Limits.MaxTurnCharacters / 2)),
        string.Concat(Enumerable.Repeat("1 2 ", Limits.MaxTurnCharacters / 4)),
        string.Concat(Enumerable.Repeat("think hard not ", 10_000)),
        string.Concat(Enumerable.Repeat("model graph cluster cell trace matrix tree class driver table plan contract ", 2000)),
        string.Concat(Enumerable.Repeat("\ud83d\ude42", 50_000)),
        string.Concat(Enumerable.Repeat("\ud800", 1000)),
        "\0\0\0",
        "e\u0301\u0301\u0301 \u202eabc",
        "日本語",
        new string('%', 10_000),
    ];
}

using System.Net;
using System.Net.Sockets;
using System.Text;
using HybridConversations.Tests.Common.Scripted;

namespace HybridConversations.Client.Tests;

public sealed class HttpConversationsTests
{
    private static readonly Turn Whole = new()
    {
        TurnId = "t1",
        Text = "hello there",
        System = "Be brief.",
        Interrupt = true,
        Private = true,
        Think = ThinkMode.Local,
        AllowFallback = false,
        Priority = TurnPriority.Voice,
        DeadlineMs = 5000,
        Tenant = "shop",
        Sampling = new SamplingOptions
        {
            MaxTokens = 5,
            Temperature = 0.1,
            TopP = 0.2,
            TopK = 3,
            MinP = 0.4,
            FrequencyPenalty = 0.5,
            PresencePenalty = 0.6,
            Seed = long.MinValue,
            Stop = ["x", "\n"],
            JsonSchema = """{ "type": "object" }""",
        },
    };

    [Fact]
    public async Task A_turn_travels_whole_and_its_events_come_back_as_they_were()
    {
        await using var server = await TestServer.Start();
        using var http = HttpConversations.CreateClient(server.Address);
        var events = await ReadAll(new HttpConversations(http).Get("c1"), Whole);
        var expected = await ReadAll(ScriptedConversation.Echo(Whole, default));

        Assert.Equal(expected, events);
        var arrived = Assert.Single(server.Machine.Script["c1"].Turns);
        Assert.Equal(Whole.Sampling.Stop, arrived.Sampling.Stop);
        Assert.Equal(Whole, arrived with { Sampling = arrived.Sampling with { Stop = Whole.Sampling.Stop } } with { Sampling = Whole.Sampling });
        Assert.Equal(Whole.Sampling, arrived.Sampling with { Stop = Whole.Sampling.Stop });
    }

    [Fact]
    public async Task Everything_else_a_conversation_can_do()
    {
        await using var server = await TestServer.Start();
        using var http = HttpConversations.CreateClient(server.Address);
        var conversations = new HttpConversations(http);
        var conversation = conversations.Get("c:1@home");
        var there = server.Machine.Script["c:1@home"];

        there.InterruptResult = new InterruptResult("t1", "so far");
        Assert.Equal(there.InterruptResult, await conversation.Interrupt("so far"));
        Assert.Equal(["so far"], there.Interrupts);
        there.InterruptResult = new InterruptResult("t1", "so", InterruptOutcome.Cut);
        Assert.Equal(there.InterruptResult, await conversation.InterruptTurn("t1", "so"));
        Assert.Equal([("t1", "so")], there.TurnInterrupts);

        await conversation.Listen(new SpokenDraft("What", true));
        Assert.Equal([new SpokenDraft("What", true)], there.Drafts);

        Assert.Null(await conversation.Read(0, 10));
        there.History = new ConversationPage("c:1@home", "sys", [], 9);
        var page = await conversation.Read(3, 10);
        Assert.Equal(("c:1@home", "sys", 9), (page!.Id, page.System, page.Next));
        Assert.True(await conversation.Delete());
        Assert.False(await conversation.Delete());

        server.Machine.Script.Page = new ConversationList([new ConversationSummary("c", 1, DateTimeOffset.UnixEpoch)], "more");
        var list = await conversations.List("a/b&c", 5);
        Assert.Equal(("a/b&c", 5), server.Machine.Script.Listed);
        Assert.Equal("more", list.Next);
        Assert.Equal(server.Machine.Script.Page.Conversations, list.Conversations);
    }

    [Fact]
    public async Task A_refusal_is_an_event_with_the_servers_own_problem()
    {
        await using var server = await TestServer.Start();
        server.Machine.Script.Reply = (turn, _) => Fail(turn);
        using var http = HttpConversations.CreateClient(server.Address);
        var failed = Assert.IsType<ReplyFailed>(Assert.Single(await ReadAll(new HttpConversations(http).Get("c1"), Whole)));
        Assert.Equal(new ReplyFailed("t1", ProblemCodes.Busy("t0")), failed);

        var problem = await Assert.ThrowsAsync<ProblemException>(() => new HttpConversations(http).Get("not allowed ").Read(0, 10));
        Assert.Equal(400, problem.Problem.Status);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_failed_turn_that_says_where()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://{listener.LocalEndpoint}");
        listener.Stop();
        using var http = HttpConversations.CreateClient(address);
        var failed = Assert.IsType<ReplyFailed>(Assert.Single(await ReadAll(new HttpConversations(http).Get("c1"), Whole)));
        Assert.Equal("unreachable", failed.Problem.Code);
        Assert.Contains(address.ToString(), failed.Problem.Detail);
        Assert.True(failed.Problem.Retryable);
    }

    [Theory]
    [InlineData("event: text\ndata: {\"text\":\"I was\"}\n\n")]
    [InlineData("event: text\ndata: {\"text\":\"I was\"}\n\nevent: text\ndata: {broken\n\n")]
    [InlineData("event: text\ndata: {\"text\":\"I was\"}\n\nevent: unheard-of\ndata: 1\n\n")]
    public async Task A_reply_that_breaks_off_ends_with_a_failed_event(string stream)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Serve(listener, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + stream);
        using var http = HttpConversations.CreateClient(new Uri($"http://{listener.LocalEndpoint}"));
        var events = await ReadAll(new HttpConversations(http).Get("c1"), Whole);
        await serving;

        Assert.Equal(new ReplyText("I was"), events[0]);
        var failed = Assert.IsType<ReplyFailed>(events[1]);
        Assert.Equal(2, events.Count);
        Assert.Equal(("t1", "unreachable"), (failed.TurnId, failed.Problem.Code));
    }

    [Fact]
    public async Task Leaving_ends_the_turn_on_the_server()
    {
        await using var server = await TestServer.Start();
        server.Machine.Script.Reply = (_, cancellationToken) => Endless(cancellationToken);
        using var http = HttpConversations.CreateClient(server.Address);
        await foreach (var _ in new HttpConversations(http).Get("c1").Say(Whole))
        {
            break;
        }

        Assert.True(await server.Machine.Script["c1"].Left.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    private static async Task Serve(TcpListener listener, string answer)
    {
        using var connection = await listener.AcceptTcpClientAsync();
        var stream = connection.GetStream();
        var request = new StringBuilder();
        var buffer = new byte[4096];
        while (!request.ToString().TrimEnd('\r', '\n', '0').EndsWith('}'))
        {
            request.Append(Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer)));
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(answer));
    }

    private static Task<List<ReplyEvent>> ReadAll(IConversation conversation, Turn turn) => ReadAll(conversation.Say(turn));

    private static async Task<List<ReplyEvent>> ReadAll(IAsyncEnumerable<ReplyEvent> events)
    {
        var all = new List<ReplyEvent>();
        await foreach (var item in events)
        {
            all.Add(item);
        }

        return all;
    }

    private static async IAsyncEnumerable<ReplyEvent> Fail(Turn turn)
    {
        await Task.Yield();
        yield return new ReplyFailed(turn.TurnId, ProblemCodes.Busy("t0"));
    }

    private static async IAsyncEnumerable<ReplyEvent> Endless([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(1, cancellationToken);
            yield return new ReplyText("word ");
        }
    }
}

using System.Runtime.CompilerServices;
using System.Text.Json;
using HybridConversations.Tests.Common.Scripted;

namespace HybridConversations.Http.Tests.Conversations;

public sealed class TurnStreamTests
{
    private const string Body = """{"turnId":"t1","text":"hello there"}""";

    [Fact]
    public async Task A_reply_streams_as_named_events_and_the_pieces_joined_are_the_reply()
    {
        await using var server = await TestServer.Start();
        using var response = await server.PostStreaming("/conversations/c1/turns", Body);
        var events = await ServerSentEvents.ReadAll(response);

        Assert.Equal(["routed", "text", "text", "sentence", "completed"], events.Select(item => item.Name));
        Assert.Equal("""{"target":"local","reason":"No cloud endpoint is configured.","policy":"local-only","score":0.25,"from":0}""", events[0].Data.GetRawText());
        var completed = events[^1].Data;
        Assert.Equal("hello there", string.Concat(events.Where(item => item.Name == "text").Select(item => item.Data.GetProperty("text").GetString())));
        Assert.Equal("hello there", completed.GetProperty("text").GetString());
        Assert.Equal("t1", completed.GetProperty("turnId").GetString());
        Assert.Equal("stop", completed.GetProperty("finishReason").GetString());
        Assert.Equal("""{"promptTokens":20,"completionTokens":5,"reusedTokens":15,"readTokens":5,"reused":{"resident":15,"parked":0,"snapshot":0,"sharedPrefix":0}}""",
            completed.GetProperty("usage").GetRawText());
        Assert.Equal("""{"firstTokenMs":12.5,"totalMs":40,"queuedMs":1.5}""", completed.GetProperty("timings").GetRawText());
        Assert.False(completed.GetProperty("replayed").GetBoolean());
    }

    [Fact]
    public async Task Text_with_line_breaks_and_any_script_stays_one_line_of_data()
    {
        const string Odd = "one\ntwo\r\nthree\n\nevent: completed\ndata: {}\u2028\u0085\0 \"quoted\" \\ ünïcödé 日本語 😀";
        await using var server = await TestServer.Start();
        server.Machine.Script.Reply = (turn, _) => Events(ScriptedConversation.Routed, new ReplyText(Odd), ScriptedConversation.Completed(turn.TurnId, Odd));
        using var response = await server.PostStreaming("/conversations/c1/turns", Body);
        var raw = await response.Content.ReadAsStringAsync();

        var blocks = raw.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, blocks.Length);
        Assert.All(blocks, block => Assert.Equal(2, block.Split('\n', '\r', '\u2028', '\u0085').Length));
        Assert.StartsWith("event: text\ndata: {\"text\":\"one\\ntwo", blocks[1]);
        Assert.Contains("日本語", blocks[1]);
        Assert.Equal(Odd, JsonElement.Parse(blocks[1].Split("data: ", 2)[1]).GetProperty("text").GetString());
    }

    [Fact]
    public async Task Every_event_is_sent_when_it_happens()
    {
        await using var server = await TestServer.Start();
        var spoken = new TaskCompletionSource();
        server.Machine.Script.Reply = (turn, _) => Gated(turn, spoken.Task);
        using var response = await server.PostStreaming("/conversations/c1/turns", Body);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal("first", await ReadText(lines));
        spoken.SetResult();
        Assert.Equal("second", await ReadText(lines));
    }

    [Fact]
    public async Task A_comment_goes_out_while_nothing_else_is_said()
    {
        await using var server = await TestServer.Start(new HttpLimits { Heartbeat = TimeSpan.FromMilliseconds(40) });
        var spoken = new TaskCompletionSource();
        server.Machine.Script.Reply = (turn, _) => Gated(turn, spoken.Task);
        using var response = await server.PostStreaming("/conversations/c1/turns", Body);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal("first", await ReadText(lines));
        var comments = 0;
        while (comments < 2)
        {
            comments += await lines.ReadLineAsync() == ": keep-alive" ? 1 : 0;
        }

        spoken.SetResult();
        Assert.Equal("second", await ReadText(lines));
    }

    [Fact]
    public async Task A_caller_who_leaves_ends_the_turn()
    {
        await using var server = await TestServer.Start();
        server.Machine.Script.Reply = (turn, cancellationToken) => Gated(turn, Task.Delay(Timeout.Infinite, cancellationToken));
        using var leave = new CancellationTokenSource();
        using (var response = await server.PostStreaming("/conversations/c1/turns", Body, leave.Token))
        {
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
            Assert.Equal("first", await ReadText(lines));
            await leave.CancelAsync();
        }

        Assert.True(await server.Machine.Script["c1"].Left.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_turn_that_fails_after_it_began_says_so_in_an_event()
    {
        await using var server = await TestServer.Start();
        server.Machine.Script.Reply = (turn, _) => Events(
            ScriptedConversation.Routed, new ReplyText("I was"), new ReplyFailed(turn.TurnId, ProblemCodes.Overload("The queue is full.", 2500)));
        using var response = await server.PostStreaming("/conversations/c1/turns", Body);
        var failed = (await ServerSentEvents.ReadAll(response))[^1];

        Assert.Equal("failed", failed.Name);
        Assert.Equal("overloaded", failed.Data.GetProperty("code").GetString());
        Assert.Equal(503, failed.Data.GetProperty("status").GetInt32());
        Assert.Equal("The queue is full.", failed.Data.GetProperty("detail").GetString());
        Assert.True(failed.Data.GetProperty("retryable").GetBoolean());
        Assert.Equal(2500, failed.Data.GetProperty("retryAfterMs").GetInt32());
        Assert.Equal("t1", failed.Data.GetProperty("turnId").GetString());
    }

    [Fact]
    public async Task A_fault_in_the_middle_is_a_failed_event_without_its_inner_workings()
    {
        await using var server = await TestServer.Start();
        server.Machine.Script.Reply = (_, _) => Faulty(afterText: true);
        using var response = await server.PostStreaming("/conversations/c1/turns", Body);
        var failed = (await ServerSentEvents.ReadAll(response))[^1];

        Assert.Equal("failed", failed.Name);
        Assert.Equal("internal-error", failed.Data.GetProperty("code").GetString());
        Assert.DoesNotContain("secret", failed.Data.GetRawText());
    }

    [Fact]
    public async Task A_reader_that_stops_reading_holds_back_the_reply_and_is_not_buffered_without_bound()
    {
        await using var server = await TestServer.Start();
        var produced = 0;
        server.Machine.Script.Reply = (_, cancellationToken) => Endless(() => Interlocked.Increment(ref produced), cancellationToken);
        using (await server.PostStreaming("/conversations/c1/turns", Body))
        {
            // Wait until it stands still: every buffer between here and there is full.
            var last = -1;
            while (Volatile.Read(ref produced) != last)
            {
                last = Volatile.Read(ref produced);
                await Task.Delay(300);
            }

            Assert.InRange(last, 1, 16 * 1024);
        }

        Assert.True(await server.Machine.Script["c1"].Left.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_server_that_stops_gives_running_turns_time_and_then_ends_them_with_a_failed_event()
    {
        await using var server = await TestServer.Start(new HttpLimits { ShutdownGrace = TimeSpan.FromMilliseconds(200) });
        server.Machine.Script.Reply = (turn, cancellationToken) => Gated(turn, Task.Delay(Timeout.Infinite, cancellationToken));
        using var response = await server.PostStreaming("/conversations/c1/turns", Body);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("first", await ReadText(lines));
        var stopping = server.Stop();
        var rest = await lines.ReadToEndAsync();
        await stopping;

        Assert.Contains("event: failed", rest);
        Assert.Contains("\"code\":\"stopping\"", rest);
        Assert.True(server.Machine.Disposed);
    }

    private static async Task<string?> ReadText(StreamReader lines)
    {
        while (await lines.ReadLineAsync() is { } line)
        {
            if (line == "event: text")
            {
                return JsonElement.Parse((await lines.ReadLineAsync())!["data: ".Length..]).GetProperty("text").GetString();
            }
        }

        return null;
    }

    internal static async IAsyncEnumerable<ReplyEvent> Events(params ReplyEvent[] events)
    {
        foreach (var item in events)
        {
            await Task.Yield();
            yield return item;
        }
    }

    private static async IAsyncEnumerable<ReplyEvent> Gated(Turn turn, Task gate)
    {
        yield return ScriptedConversation.Routed;
        yield return new ReplyText("first");
        await gate;
        yield return new ReplyText("second");
        yield return ScriptedConversation.Completed(turn.TurnId, "firstsecond");
    }

    internal static async IAsyncEnumerable<ReplyEvent> Faulty(bool afterText)
    {
        await Task.Yield();
        if (afterText)
        {
            yield return new ReplyText("I was");
        }

        throw new InvalidOperationException("a secret of the inside");
    }

    private static async IAsyncEnumerable<ReplyEvent> Endless(Action count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var text = new ReplyText(new string('x', 4096));
        while (true)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            count();
            yield return text;
        }
    }
}

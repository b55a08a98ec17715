using System.Runtime.CompilerServices;
using HybridConversations.Tests.Common.Scripted;

namespace HybridConversations.Cli.Tests.Commands;

/// <summary>The real program as a client of a server.</summary>
public sealed class ChatCommandTests
{
    [Fact]
    public async Task Piped_lines_get_one_line_each_in_one_conversation()
    {
        await using var server = await TestServer.Start();
        server.Machine.Script.Reply = Shouting;
        var run = await Chat(server, "My name is Ada.\n\n   \r\nWas heißt »größer«? 😀\r\nno end of line", "--conversation", "c1", "--system", "Shout.", "--temperature", "0.5", "--max-tokens", "9");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal("MY NAME IS ADA. REALLY.\nWAS HEISST »GRÖSSER«? 😀 REALLY.\nNO END OF LINE REALLY.\n".Replace("HEISST", "HEIßT").Replace("GRÖSSER", "GRÖßER"), run.Output);
        var turns = server.Machine.Script["c1"].Turns.ToList();
        Assert.Equal(3, turns.Count);
        Assert.Equal(3, turns.Select(turn => turn.TurnId).Distinct().Count());
        Assert.All(turns, turn => Assert.Equal(("Shout.", 0.5, 9), (turn.System, turn.Sampling.Temperature, turn.Sampling.MaxTokens)));
    }

    [Fact]
    public async Task A_failed_turn_leaves_an_empty_line_and_exit_code_1()
    {
        await using var server = await TestServer.Start();
        var echo = server.Machine.Script.Reply;
        server.Machine.Script.Reply = (turn, cancellationToken) => turn.Text == "bad" ? Failing(turn) : echo(turn, cancellationToken);
        var run = await Chat(server, "good\nbad\nbetter\n");
        Assert.Equal((1, "good\n\nbetter\n"), (run.ExitCode, run.Output));
        Assert.Equal("hc: The text is not to my taste. Send another.", Assert.Single(run.ErrorLines));
    }

    [Fact]
    public async Task A_line_beyond_the_limit_is_refused_and_the_next_one_answered()
    {
        await using var server = await TestServer.Start();
        var run = await Chat(server, new string('x', Limits.MaxTurnCharacters + 1) + "\nshort\n");
        Assert.Equal((1, "\nshort\n"), (run.ExitCode, run.Output));
        Assert.Contains("longer than the 200000 characters", Assert.Single(run.ErrorLines));
    }

    [Fact]
    public async Task Once_prints_the_reply_as_it_is()
    {
        await using var server = await TestServer.Start();
        server.Machine.Script.Reply = Shouting;
        var run = await Chat(server, "", "--once", "hi");
        Assert.Equal((0, "HI\nREALLY.\n\n", ""), (run.ExitCode, run.Output, run.Errors));
    }

    [Fact]
    public async Task Without_a_server_there_the_exit_code_is_1_and_the_line_says_where()
    {
        var run = await HcProcess.Run("chat", "--url", "http://127.0.0.1:1", "--once", "hi");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("http://127.0.0.1:1/ did not answer", Assert.Single(run.ErrorLines));
    }

    [Fact]
    public async Task No_input_is_no_error()
    {
        await using var server = await TestServer.Start();
        var run = await Chat(server, "");
        Assert.Equal((0, "", ""), (run.ExitCode, run.Output, run.Errors));
    }

    private static Task<HcProcess> Chat(TestServer server, string input, params string[] arguments) =>
        HcProcess.Run(["chat", "--url", server.Address.ToString(), .. arguments], input, [], folder: null);

    private static async IAsyncEnumerable<ReplyEvent> Shouting(Turn turn, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return ScriptedConversation.Routed;
        await Task.Yield();
        yield return new ReplyText(turn.Text.ToUpperInvariant());
        yield return new ReplyText("\nREALLY.\n");
        yield return ScriptedConversation.Completed(turn.TurnId, turn.Text.ToUpperInvariant() + "\nREALLY.\n");
    }

    private static async IAsyncEnumerable<ReplyEvent> Failing(Turn turn)
    {
        await Task.Yield();
        yield return new ReplyFailed(turn.TurnId, ProblemCodes.InvalidRequest("The text is not to my taste. Send another."));
    }
}

using HybridConversations.Tests.Common;
using HybridConversations.Tests.Common.Scripted;

namespace HybridConversations.Cli.Tests.Chat;

/// <summary>A chat as a person has it: the real program in a pseudo-terminal, against a real server.</summary>
public sealed class TerminalChatTests : IDisposable
{
    private const string Up = "\e[A";
    private const string PasteBegin = "\e[200~";
    private const string PasteEnd = "\e[201~";
    private readonly TemporaryFolder _home = new();
    private int _answers;
    private int _replies;

    public void Dispose() => _home.Dispose();

    [SkippableFact]
    public async Task Lines_are_edited_as_in_a_shell_and_pastes_stay_one_message()
    {
        PseudoTerminal.SkipWithout();
        await using var server = await TestServer.Start();
        server.Machine.Script.Reply = Answering;
        await using var terminal = Chat(server);
        await terminal.Shows("you>");

        await Say("hello\x01" + "x\x05" + "y\r", "xhelloy"); // Ctrl-A, Ctrl-E
        await Say("a👨‍👩‍👧é\x7f\x7f" + "b\r", "ab"); // backspace takes whole characters
        await Say("one two three\x17\x17" + "four\r", "one four"); // Ctrl-W
        await Say("junk\x15" + "clean\r", "clean"); // Ctrl-U
        await Say($"{PasteBegin}first\rsecond\r\tthird{PasteEnd}\r", "first\nsecond\n third");
        await Say("left\e[D\e[Dx\r", "lexft"); // arrows
        await Say(Up + Up + Up + "er\r", "cleaner"); // what was typed before
        await Say("line one\e\rline two\r", "line one\nline two"); // Alt-Enter
        await Say("//etc is a folder\r", "/etc is a folder");
        await terminal.Type("\x04"); // Ctrl-D
        Assert.Equal(0, await terminal.Ended());
        Assert.Contains("Go on later with: hc chat --conversation c1", terminal.Text);

        async Task Say(string keys, string meant)
        {
            await terminal.Type(keys);
            await terminal.Shows($"ANSWER {++_answers}.");
            Assert.Equal(meant, Turns(server)[^1].Text);
        }
    }

    [SkippableFact]
    public async Task Ctrl_C_clears_a_line_that_has_begun_and_leaves_at_an_empty_one()
    {
        PseudoTerminal.SkipWithout();
        await using var server = await TestServer.Start();
        server.Machine.Script.Reply = Answering;
        await using var terminal = Chat(server);
        await terminal.Shows("you>");
        await terminal.Type("half");
        await terminal.Shows("half");
        await terminal.Type("\x03");
        await terminal.Shows("you>");
        await terminal.Type("whole\r");
        await terminal.Shows("ANSWER 1.");
        Assert.Equal("whole", Assert.Single(Turns(server)).Text);
        await terminal.Shows("you>");
        await terminal.Type("\x03");
        Assert.Equal(0, await terminal.Ended());
    }

    [SkippableFact]
    public async Task What_was_typed_is_there_in_the_next_session_but_for_what_was_private()
    {
        PseudoTerminal.SkipWithout();
        await using var server = await TestServer.Start();
        server.Machine.Script.Reply = Answering;
        await using (var first = Chat(server))
        {
            await first.Shows("you>");
            await first.Type("remember me\r");
            await first.Shows("ANSWER 1.");
            await first.Type("/private on\r");
            await first.Shows("nothing leaves the house");
            await first.Type("my secret\r");
            await first.Shows("ANSWER 2.");
            await first.Type("\x04");
            Assert.Equal(0, await first.Ended());
        }

        Assert.True(Turns(server)[^1].Private);
        await using var second = Chat(server);
        await second.Shows("you>");
        await second.Type(Up + Up + "\r");
        await second.Shows("ANSWER 3.");
        Assert.Equal("remember me", Turns(server)[^1].Text);
    }

    [SkippableFact]
    public async Task Commands_do_what_they_say()
    {
        PseudoTerminal.SkipWithout();
        await using var server = await TestServer.Start();
        server.Machine.Script.Reply = Answering;
        await using var terminal = Chat(server);
        await terminal.Shows("you>");
        await Run("/help\r", "/system TEXT", "/export FILE");
        await Run("/think cloud\r", "In the cloud");
        await Run("hello\r", "ANSWER 1.");
        Assert.Equal(ThinkMode.Cloud, Turns(server)[^1].Think);
        await Run("/retry\r", "ANSWER 2.");
        Assert.Equal(["hello", "hello"], Turns(server).Select(turn => turn.Text));
        await Run("/status\r", "Conversation c1");
        await Run("/model\r", "scripted");
        await Run("/export out.jsonl\r", "turns are in");
        Assert.Contains("\"format\":\"hybrid-conversations\"", await File.ReadAllTextAsync(Path.Combine(_home.Path, "out.jsonl")));
        await Run("/nonsense\r", "There is no /nonsense");
        await Run("/forget\r", "A new conversation");
        await Run("/system Be brief.\r", "with this system prompt");
        await terminal.Type("/exit\r");
        Assert.Equal(0, await terminal.Ended());

        async Task Run(string keys, params string[] shown)
        {
            await terminal.Type(keys);
            foreach (var text in shown)
            {
                await terminal.Shows(text);
            }
        }
    }

    [SkippableFact]
    public async Task A_terminal_that_knows_no_cursor_gets_plain_lines()
    {
        PseudoTerminal.SkipWithout();
        await using var server = await TestServer.Start();
        server.Machine.Script.Reply = Answering;
        await using (var dumb = PseudoTerminal.Start(_home.Path, "dumb", "chat", "--url", server.Address.ToString(), "--conversation", "c1"))
        {
            await dumb.Shows("you>");
            await dumb.Type("plain\r");
            await dumb.Shows("ANSWER 1.");
            Assert.DoesNotContain('\e', dumb.Drawn);
        }
    }

    private PseudoTerminal Chat(TestServer server) => PseudoTerminal.Start(_home.Path, "xterm-256color", "chat", "--url", server.Address.ToString(), "--conversation", "c1");

    private static List<Turn> Turns(TestServer server) => [.. server.Machine.Script["c1"].Turns];

    private async IAsyncEnumerable<ReplyEvent> Answering(Turn turn, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return ScriptedConversation.Routed;
        await Task.Yield();
        var reply = $"ANSWER {Interlocked.Increment(ref _replies)}.";
        yield return new ReplyText(reply);
        yield return ScriptedConversation.Completed(turn.TurnId, reply);
    }
}

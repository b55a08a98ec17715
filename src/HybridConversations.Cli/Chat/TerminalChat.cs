using HybridConversations.Cli.Terminal;
using HybridConversations.Cli.Terminal.Editing;
using Spectre.Console;

namespace HybridConversations.Cli.Chat;

/// <summary>A chat in a terminal: the reply appears as it is made; Ctrl-C ends the reply, clears a line that has begun, and leaves at an empty one.</summary>
internal sealed class TerminalChat(ChatSession session, ChatCommands commands, MessageEditor editor, string with)
{
    private volatile bool _replying;
    private int _interrupts;
    private CancellationTokenSource? _reply;

    public async Task<int> Hold(CancellationToken cancellationToken)
    {
        Console.CancelKeyPress += OnCancelKey;
        Terminals.Output.MarkupLineInterpolated($"[grey]Talking to {with}. /help tells what else there is; Ctrl-C ends a reply, Ctrl-D leaves.[/]");
        try
        {
            if (session.HasTurns)
            {
                await new ChatHistory(session).Print(cancellationToken);
            }

            while (await editor.Read(cancellationToken) is { Leaves: false } typed)
            {
                if (typed.Text?.Trim() is not { Length: > 0 } text)
                {
                    continue;
                }

                if (text is "/exit" or "/quit")
                {
                    break;
                }

                if (!session.Private)
                {
                    editor.Remember(typed.Text);
                }

                await Run(text, cancellationToken);
            }

            return ExitCodes.Success;
        }
        finally
        {
            Console.CancelKeyPress -= OnCancelKey;
            if (session.HasTurns)
            {
                Terminals.Output.MarkupLineInterpolated($"[grey]Go on later with: hc chat --conversation {session.ConversationId}[/]");
            }
        }
    }

    private async Task Run(string text, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        (_reply, _interrupts, _replying) = (stop, 0, true);
        try
        {
            var reply = text switch
            {
                ['/', '/', .. var said] => session.Say("/" + said, stop.Token),
                ['/', ..] => await commands.Run(text, stop.Token),
                _ => session.Say(text, stop.Token),
            };
            await foreach (var e in reply ?? AsyncEnumerable.Empty<ReplyEvent>())
            {
                Show(e);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Console.WriteLine();
        }
        catch (ProblemException problem)
        {
            // Of a command; what a turn fails of is an event.
            Terminals.Output.MarkupLineInterpolated($"[red]{Printable.Of(problem.Message)}[/]");
        }
        finally
        {
            (_replying, _reply) = (false, null);
        }
    }

    private static void Show(ReplyEvent reply)
    {
        switch (reply)
        {
            case ReplyRouted { Target: RouteTarget.Cloud } routed:
                Terminals.Output.MarkupLineInterpolated($"[grey](asking the cloud: {routed.Reason})[/]");
                break;
            case ReplyBridge bridge:
                Terminals.Output.MarkupLineInterpolated($"[grey]{bridge.Text}[/]");
                break;
            case ReplyText piece:
                Console.Out.Write(Printable.Of(piece.Text));
                break;
            case ReplyCompleted completed:
                Console.WriteLine(completed.FinishReason switch
                {
                    FinishReason.Interrupted => " …",
                    FinishReason.Length => " … (the reply reached its limit)",
                    FinishReason.Cut => " … (the cloud's reply broke off)",
                    _ => "",
                });
                break;
            case ReplyFailed failed:
                Terminals.Output.MarkupLineInterpolated($"[red]{failed.Problem.Detail}[/]");
                break;
        }
    }

    private void OnCancelKey(object? sender, ConsoleCancelEventArgs key)
    {
        key.Cancel = true;
        if (!_replying)
        {
            editor.Interrupt();
        }
        else if (Interlocked.Increment(ref _interrupts) == 1)
        {
            // The stream then ends by itself, with what was said so far.
            _ = Interrupt();
        }
        else
        {
            _reply?.Cancel();
        }
    }

    private async Task Interrupt()
    {
        try
        {
            await session.Interrupt();
        }
        catch (ProblemException)
        {
            _reply?.Cancel();
        }
    }
}

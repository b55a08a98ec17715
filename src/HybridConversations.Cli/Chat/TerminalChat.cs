using HybridConversations.Cli.Terminal;
using Spectre.Console;

namespace HybridConversations.Cli.Chat;

/// <summary>A chat in a terminal: the reply appears as it is made; Ctrl-C ends the reply, at the prompt it leaves.</summary>
internal sealed class TerminalChat(ChatSession session, string with)
{
    private readonly TaskCompletionSource _leave = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _replying;
    private int _interrupts;
    private CancellationTokenSource? _reply;

    public async Task<int> Hold(CancellationToken cancellationToken)
    {
        Console.CancelKeyPress += OnCancelKey;
        Terminals.Output.MarkupLineInterpolated($"[grey]Talking to {with}. /help tells what else there is; Ctrl-C ends a reply, Ctrl-D leaves.[/]");
        if (session.HasTurns)
        {
            await new ChatHistory(session).Print(cancellationToken);
        }

        try
        {
            while (await ReadLine() is { } line)
            {
                switch (line.Trim())
                {
                    case "":
                        break;
                    case "/exit" or "/quit":
                        return ExitCodes.Success;
                    case "/help":
                        PrintHelp();
                        break;
                    case "/new":
                        session.BeginAnew();
                        Terminals.Output.MarkupLineInterpolated($"[grey]A new conversation: {session.ConversationId}[/]");
                        break;
                    case "/history":
                        if (!await new ChatHistory(session).Print(cancellationToken))
                        {
                            Terminals.Output.MarkupLine("[grey]Nothing was said yet.[/]");
                        }

                        break;
                    case ['/', ..] command:
                        Terminals.Output.MarkupLineInterpolated($"[grey]There is no {command}; /help tells what there is.[/]");
                        break;
                    case var text:
                        await Say(text, cancellationToken);
                        break;
                }
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

    private async Task Say(string text, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        (_reply, _interrupts, _replying) = (stop, 0, true);
        try
        {
            await foreach (var reply in session.Say(text, stop.Token))
            {
                Show(reply);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Console.WriteLine();
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

    /// <summary>Null when the person leaves. The terminal has no line that can be given up, so a reader that is left behind ends with the process.</summary>
    private async Task<string?> ReadLine()
    {
        Terminals.Output.Markup("[bold]you>[/] ");
        var line = Task.Run(Console.ReadLine);
        await Task.WhenAny(line, _leave.Task);
        if (_leave.Task.IsCompleted || await line is not { } text)
        {
            Console.WriteLine();
            return null;
        }

        return text;
    }

    private void OnCancelKey(object? sender, ConsoleCancelEventArgs key)
    {
        key.Cancel = true;
        if (!_replying)
        {
            _leave.TrySetResult();
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

    private static void PrintHelp() => Terminals.Output.Write(new Rows(
        new Text("/new      begin a new conversation"),
        new Text("/history  what was said so far"),
        new Text("/exit     leave (also Ctrl-D, or Ctrl-C at the prompt)"),
        new Text("Ctrl-C    while a reply is being said: barge in")));
}

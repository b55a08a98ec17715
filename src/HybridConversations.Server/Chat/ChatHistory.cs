using Spectre.Console;

namespace HybridConversations.Server.Chat;

/// <summary>Prints what was said so far.</summary>
internal sealed class ChatHistory(ChatSession session)
{
    public async Task Print(CancellationToken cancellationToken)
    {
        long? after = 0;
        var any = false;
        while (after is { } from && await session.Read(from, cancellationToken) is { } page)
        {
            foreach (var turn in page.Turns)
            {
                any = true;
                AnsiConsole.MarkupLineInterpolated($"[bold]you>[/] {turn.User}");
                AnsiConsole.WriteLine(turn.State switch
                {
                    TurnState.Completed => Printable.Of(turn.Reply),
                    TurnState.Interrupted => Printable.Of(turn.Reply) + " …",
                    TurnState.Failed => $"(no reply: {turn.Problem?.Detail})",
                    _ => "(being answered)",
                });
            }

            after = page.Next;
        }

        if (!any)
        {
            AnsiConsole.MarkupLine("[grey]Nothing was said yet.[/]");
        }
    }
}

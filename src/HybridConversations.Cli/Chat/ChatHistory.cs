using HybridConversations.Cli.Terminal;
using Spectre.Console;

namespace HybridConversations.Cli.Chat;

/// <summary>Prints what was said so far.</summary>
internal sealed class ChatHistory(ChatSession session)
{
    /// <returns>False when nothing was said yet.</returns>
    public async Task<bool> Print(CancellationToken cancellationToken)
    {
        long? after = 0;
        var any = false;
        while (after is { } from && await session.Read(from, cancellationToken) is { } page)
        {
            foreach (var turn in page.Turns)
            {
                any = true;
                Terminals.Output.MarkupLineInterpolated($"[bold]you>[/] {turn.User}");
                Terminals.Output.WriteLine(turn.State switch
                {
                    TurnState.Completed => Printable.Of(turn.Reply),
                    TurnState.Interrupted => Printable.Of(turn.Reply) + " …",
                    TurnState.Failed => $"(no reply: {turn.Problem?.Detail})",
                    _ => "(being answered)",
                });
            }

            after = page.Next;
        }

        return any;
    }
}

namespace HybridConversations.Cli.Chat;

/// <summary><c>--once</c>: says one thing, prints the reply as it comes, and leaves.</summary>
internal static class OnceChat
{
    public static async Task<int> Hold(ChatSession session, string text, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        var exit = ExitCodes.Success;
        await foreach (var reply in session.Say(text, cancellationToken))
        {
            switch (reply)
            {
                case ReplyText piece:
                    await output.WriteAsync(piece.Text);
                    await output.FlushAsync(cancellationToken);
                    break;
                case ReplyFailed failed:
                    await errors.WriteLineAsync($"hc: {failed.Problem.Detail}");
                    exit = ExitCodes.Failure;
                    break;
            }
        }

        await output.WriteLineAsync();
        await output.FlushAsync(cancellationToken);
        return exit;
    }
}

using System.Text;
using HybridConversations.Cli.Terminal;

namespace HybridConversations.Cli.Chat;

/// <summary>
/// One message a line in, one reply a line out: line N of the output answers the N-th line that is not blank. A turn that fails leaves an empty line, tells
/// standard error why, and makes the exit code 1 at the end.
/// </summary>
internal static class PipedChat
{
    public static async Task<int> Hold(ChatSession session, TextReader input, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        var exit = ExitCodes.Success;
        var lines = new LineReader(input, Limits.MaxTurnCharacters);
        while (await lines.Next(cancellationToken) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            var text = new StringBuilder();
            var problem = lines.Shortened
                ? ProblemCodes.InvalidRequest($"A line is longer than the {Limits.MaxTurnCharacters} characters that a turn may have; it was not sent.")
                : await Say(session, line, text, cancellationToken);
            if (problem is not null)
            {
                await errors.WriteLineAsync($"hc: {problem.Detail}");
                exit = ExitCodes.Failure;
            }

            await output.WriteLineAsync(OnOneLine(text.ToString()));
            await output.FlushAsync(cancellationToken);
        }

        return exit;
    }

    private static async Task<Problem?> Say(ChatSession session, string line, StringBuilder text, CancellationToken cancellationToken)
    {
        Problem? problem = null;
        await foreach (var reply in session.Say(line, cancellationToken))
        {
            switch (reply)
            {
                case ReplyText piece:
                    text.Append(piece.Text);
                    break;
                case ReplyFailed failed:
                    problem = failed.Problem;
                    break;
            }
        }

        return problem;
    }

    private static string OnOneLine(string reply) => reply.Trim().ReplaceLineEndings(" ");
}

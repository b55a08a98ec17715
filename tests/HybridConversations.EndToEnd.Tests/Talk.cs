namespace HybridConversations.EndToEnd.Tests;

/// <summary>Short ways to talk to a conversation.</summary>
internal static class Talk
{
    /// <summary>Says something and returns the completed reply.</summary>
    public static async Task<ReplyCompleted> Ask(this IConversation conversation, string text, string? turnId = null, string? system = null)
    {
        var joined = "";
        await foreach (var e in conversation.Say(new Turn { TurnId = turnId ?? Guid.NewGuid().ToString("n"), Text = text, System = system }))
        {
            switch (e)
            {
                case ReplyText piece:
                    joined += piece.Text;
                    break;
                case ReplyFailed failed:
                    throw new ProblemException(failed.Problem);
                case ReplyCompleted completed:
                    Assert.Equal(joined, completed.Text);
                    return completed;
            }
        }

        throw new InvalidOperationException("The reply had no end.");
    }
}

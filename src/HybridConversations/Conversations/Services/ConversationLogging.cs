using Microsoft.Extensions.Logging;

namespace HybridConversations.Conversations;

/// <summary>What conversations write to the log. Never what was said.</summary>
internal static partial class ConversationLogging
{
    [LoggerMessage(200, LogLevel.Debug, "Conversation {Conversation}, turn {Turn}: {State} by {AnsweredBy}, {Tokens} tokens in {Milliseconds:0} ms")]
    public static partial void LogTurnEnded(
        this ILogger logger, string conversation, string turn, TurnState state, string? answeredBy, int tokens, double milliseconds);

    [LoggerMessage(201, LogLevel.Warning, "Conversation {Conversation}, turn {Turn} failed ({Code}): {Detail}")]
    public static partial void LogTurnFailed(this ILogger logger, string conversation, string turn, string code, string detail);

    [LoggerMessage(202, LogLevel.Error, "Conversation {Conversation}, turn {Turn}: internal error {Reference}")]
    public static partial void LogInternalError(this ILogger logger, Exception error, string conversation, string turn, string reference);

    [LoggerMessage(203, LogLevel.Information, "Conversation {Conversation}, turn {Turn}: answered locally because the cloud could not: {Why}")]
    public static partial void LogFellBack(this ILogger logger, string conversation, string turn, string why);

    [LoggerMessage(204, LogLevel.Warning, "Conversation {Conversation}, turn {Turn} is private; policy {Policy} would have sent it to the cloud")]
    public static partial void LogKeptPrivate(this ILogger logger, string conversation, string turn, string policy);

    [LoggerMessage(205, LogLevel.Error, "Conversation {Conversation}, turn {Turn}: its end could not be stored; it may be sent again")]
    public static partial void LogNotStored(this ILogger logger, Exception error, string conversation, string turn);

}

using Microsoft.Extensions.Logging;

namespace HybridConversations.Escalations;

public sealed partial class Escalation
{
    [LoggerMessage(EventId = 600, Level = LogLevel.Information,
        Message = "Cloud endpoint {Endpoint} answered conversation {Conversation}: {Input} prompt and {Output} reply tokens, cost {Cost}.")]
    private static partial void Answered(ILogger log, string endpoint, string conversation, int input, int output, decimal cost);

    [LoggerMessage(EventId = 601, Level = LogLevel.Warning,
        Message = "Cloud endpoint {Endpoint} failed conversation {Conversation} at try {Try} ({Outcome}): {Reason}")]
    private static partial void TryFailed(ILogger log, string endpoint, string conversation, int @try, string outcome, string reason);

    [LoggerMessage(EventId = 602, Level = LogLevel.Warning,
        Message = "Cloud endpoint {Endpoint} broke off its reply to conversation {Conversation} ({Outcome}): {Reason}")]
    private static partial void Cut(ILogger log, string endpoint, string conversation, string outcome, string reason);

    [LoggerMessage(EventId = 603, Level = LogLevel.Warning,
        Message = "The circuit of cloud endpoint {Endpoint} is open for {Seconds} s: too many calls failed.")]
    private static partial void CircuitOpened(ILogger log, string endpoint, int seconds);

    [LoggerMessage(EventId = 604, Level = LogLevel.Warning,
        Message = "Cloud endpoint {Endpoint} is overloaded from here; a turn was refused.")]
    private static partial void Overloaded(ILogger log, string endpoint);

    [LoggerMessage(EventId = 605, Level = LogLevel.Warning,
        Message = "The budget of tenant {Tenant} at cloud endpoint {Endpoint} is spent.")]
    private static partial void BudgetSpent(ILogger log, string endpoint, string tenant);

    [LoggerMessage(EventId = 606, Level = LogLevel.Error,
        Message = "Reservation {Reservation} at cloud endpoint {Endpoint} could not be settled; it stays booked at its worst case.")]
    private static partial void Unsettled(ILogger log, string endpoint, long reservation, Exception e);

    [LoggerMessage(EventId = 607, Level = LogLevel.Information,
        Message = "Cloud endpoint {Endpoint} counts more tokens than were estimated; the conversation is cut to half its window and sent again.")]
    private static partial void Shortened(ILogger log, string endpoint);
}

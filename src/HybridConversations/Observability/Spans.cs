using System.Diagnostics;

namespace HybridConversations.Observability;

/// <summary>Spans of turns, replies and calls. Where one belongs travels with the request (<c>traceparent</c>), since actors and their streams run on whatever thread there is.</summary>
internal static class Spans
{
    private static readonly ActivitySource Source = new(Meters.House);

    /// <summary>A span that has begun; null while nobody listens.</summary>
    /// <param name="name">What is done.</param>
    /// <param name="kind">On which side of a call.</param>
    /// <param name="parent">W3C trace context of the span above; null for the one that is current here.</param>
    /// <param name="start">When it began; null for now.</param>
    public static Activity? Begin(string name, ActivityKind kind, string? parent, DateTimeOffset? start = null) =>
        !Source.HasListeners() ? null
        : ActivityContext.TryParse(parent, null, isRemote: false, out var context) ? Source.StartActivity(name, kind, context, startTime: start ?? default)
        : Source.StartActivity(name, kind, default(ActivityContext), startTime: start ?? default);

    /// <summary>What went wrong, by the name of its kind; words of people are in no span.</summary>
    public static void Fail(this Activity? span, Exception error)
    {
        span?.SetTag(GenAi.ErrorType, KindOf(error));
        span?.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>The stable name of a failure.</summary>
    public static string KindOf(Exception error) => error is ProblemException { Problem: var problem } ? problem.Code : error.GetType().Name;
}

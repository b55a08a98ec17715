using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using HybridConversations.Observability;

namespace HybridConversations.Conversations;

/// <summary>A turn as a span, and as a line of the metrics.</summary>
internal static class TurnTelemetry
{
    private static readonly Counter<long> Turns = Meters.Recorded.CreateCounter<long>("hc.turns", "{turn}", "Turns that ended.");
    private static readonly Histogram<double> Duration = Meters.Seconds("hc.turn.duration", "Time of a turn, from its acceptance until its end is on record.", GenAi.DurationBounds);

    public static Activity? Begin(Turn turn)
    {
        var span = Spans.Begin("turn", ActivityKind.Internal, turn.TraceParent);
        span?.SetTag("hc.turn.id", turn.TurnId).SetTag(GenAi.Priority, GenAi.Name(turn.Priority)).SetTag(GenAi.Tenant, turn.Tenant);
        return span;
    }

    /// <summary>The end is on record.</summary>
    public static void End(string conversationId, TurnProgress progress, TurnRecord turn, bool withContent)
    {
        var state = GenAi.Name(turn.State);
        var route = turn.Route is { } target ? GenAi.Name(target) : "none";
        var tags = new TagList { { "hc.turn.state", state }, { "hc.route", route }, { "hc.route.policy", turn.RoutePolicy ?? "none" }, { GenAi.Priority, GenAi.Name(progress.Turn.Priority) } };
        if (turn.Problem is { } problem)
        {
            tags.Add(GenAi.ErrorType, problem.Code);
        }

        Turns.Add(1, tags);
        Duration.Record(progress.ElapsedMs / 1000, tags);
        if (progress.Span is { } span)
        {
            Describe(span, conversationId, turn, state, route);
            if (withContent && !turn.Private)
            {
                span.SetTag(GenAi.InputMessages, Message(ChatMessage.User, turn.User)).SetTag(GenAi.OutputMessages, turn.PrivateReply ? null : Message(ChatMessage.Assistant, turn.Reply));
            }

            span.Dispose();
        }
    }

    private static void Describe(Activity span, string conversationId, TurnRecord turn, string state, string route)
    {
        span.SetTag(GenAi.Conversation, conversationId).SetTag("hc.turn.state", state).SetTag("hc.route", route).SetTag("hc.route.policy", turn.RoutePolicy)
            .SetTag("hc.route.score", turn.RouteScore).SetTag("hc.answered_by", turn.AnsweredBy).SetTag("hc.private", turn.Private);
        if (turn.Usage is { } usage)
        {
            span.SetTag(GenAi.InputTokens, usage.PromptTokens).SetTag(GenAi.OutputTokens, usage.CompletionTokens).SetTag(GenAi.CachedTokens, usage.ReusedTokens);
        }

        if (turn.Problem is { } problem)
        {
            span.SetTag(GenAi.ErrorType, problem.Code).SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <summary>A message in the conventions' form.</summary>
    private static string Message(string role, string text)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            json.WriteStartObject();
            json.WriteString("role", role);
            json.WriteStartArray("parts");
            json.WriteStartObject();
            json.WriteString("type", "text");
            json.WriteString("content", text);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}

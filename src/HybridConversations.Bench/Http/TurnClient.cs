using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HybridConversations.Bench.Http;

/// <summary>Conversations through this project's own API (docs/http-api.md): turns, listening, barge-in. Thread-safe.</summary>
internal sealed class TurnClient(Target target, TimeProvider clock)
{
    private static readonly TimeSpan DeleteLimit = TimeSpan.FromSeconds(10);
    private static readonly string[] Tiers = ["resident", "parked", "snapshot", "sharedPrefix"];

    /// <summary>Says a turn and reads the reply to its end.</summary>
    /// <exception cref="TargetException">The server failed or refused, or the turn failed.</exception>
    public Task<ReplyTrace> Say(string conversation, TurnRequest turn, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["turnId"] = Guid.NewGuid().ToString("N"),
            ["text"] = turn.Text,
            ["maxTokens"] = turn.MaxTokens,
            ["temperature"] = target.Temperature,
            ["think"] = "local",
        };
        if (turn.System is { } system)
        {
            body["system"] = system;
        }

        if (turn.Priority is { } priority)
        {
            body["priority"] = priority;
        }

        var trace = new ReplyTrace(turn.Role, clock);
        return target.Endpoint.Send(HttpMethod.Post, $"{Path(conversation)}/turns", body, async (stream, token) =>
        {
            using var events = new SseReader(stream, clock);
            while (await events.Next(token))
            {
                if (Take(trace, events) && turn.OnText is { } onText)
                {
                    await onText(trace);
                }
            }

            trace.End();
            return trace.FinishReason is null
                ? throw new TargetException($"{target.Endpoint.Name} ended a turn's stream without 'completed' after {trace.Arrivals.Count} pieces of text.")
                : trace;
        }, cancellationToken);
    }

    /// <summary>What has been recognised so far of a turn that is still being spoken.</summary>
    public Task Listen(string conversation, string text, CancellationToken cancellationToken) =>
        target.Endpoint.Json(HttpMethod.Post, $"{Path(conversation)}/listen", new JsonObject { ["text"] = text }, cancellationToken);

    /// <summary>Barge in: ends the running turn; the history keeps what was heard.</summary>
    public Task Interrupt(string conversation, string heard, CancellationToken cancellationToken) =>
        target.Endpoint.Json(HttpMethod.Post, $"{Path(conversation)}/interrupt", new JsonObject { ["heard"] = heard }, cancellationToken);

    /// <summary>Forgets a conversation, so that a benchmark leaves no litter. A server that cannot is left as it is.</summary>
    public async Task Delete(string conversation)
    {
        using var limit = new CancellationTokenSource(DeleteLimit, clock);
        try
        {
            await target.Endpoint.Json(HttpMethod.Delete, Path(conversation), body: null, limit.Token);
        }
        catch (Exception exception) when (exception is TargetException or OperationCanceledException)
        {
            // It was measured already, and the next run uses other conversations.
        }
    }

    private static string Path(string conversation) => "conversations/" + Uri.EscapeDataString(conversation);

    /// <summary>Notes an event. True for a piece of text.</summary>
    private bool Take(ReplyTrace trace, SseReader events)
    {
        switch (events.Name)
        {
            case "text":
                using (var piece = JsonDocument.Parse(events.Data))
                {
                    trace.AddText(piece.RootElement.GetProperty("text").GetString() ?? "", events.ArrivedAt);
                }

                return true;
            case "completed":
                using (var completed = JsonDocument.Parse(events.Data))
                {
                    TakeCompleted(trace, completed.RootElement);
                }

                return false;
            case "failed":
                throw new TargetException($"{target.Endpoint.Name} failed a turn: {Encoding.UTF8.GetString(events.Data.Span)}");
            default:
                return false;
        }
    }

    private static void TakeCompleted(ReplyTrace trace, JsonElement completed)
    {
        trace.FinishReason = completed.TryGetProperty("finishReason", out var reason) ? reason.GetString() : "stop";
        if (!completed.TryGetProperty("usage", out var usage) || usage.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        trace.Usage = new ReplyUsage(
            usage.GetProperty("promptTokens").GetInt32(), usage.GetProperty("completionTokens").GetInt32(), usage.GetProperty("reusedTokens").GetInt32());
        if (usage.TryGetProperty("reused", out var reused) && reused.ValueKind == JsonValueKind.Object)
        {
            trace.ReusedByTier = Tiers.ToDictionary(
                tier => tier, tier => reused.TryGetProperty(tier, out var tokens) && tokens.TryGetInt32(out var count) ? count : 0);
        }
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace HybridConversations.Bench.Http;

/// <summary>Streams replies of <c>/v1/chat/completions</c> and notes when each piece arrived. Thread-safe.</summary>
internal sealed class ChatClient(Target target, TimeProvider clock)
{
    /// <summary>Asks and reads the reply to its end.</summary>
    /// <exception cref="TargetException">The server failed, refused, or sent an error instead of an end.</exception>
    public Task<ReplyTrace> Ask(BenchRequest request, CancellationToken cancellationToken)
    {
        var body = Body(request);
        var trace = new ReplyTrace(request.Role, clock);
        return target.Endpoint.Send(HttpMethod.Post, "v1/chat/completions", body, async (stream, token) =>
        {
            using var events = new SseReader(stream, clock);
            while (await events.Next(token) && !events.Data.Span.SequenceEqual("[DONE]"u8))
            {
                Take(trace, events);
            }

            trace.End();
            return trace.FinishReason is null
                ? throw new TargetException($"{target.Endpoint.Name} ended a stream without a finish reason after {trace.Arrivals.Count} pieces of text.")
                : trace;
        }, cancellationToken);
    }

    private JsonObject Body(BenchRequest request)
    {
        var body = new JsonObject
        {
            ["model"] = target.Model,
            ["messages"] = new JsonArray([.. request.Messages.Select(message => new JsonObject { ["role"] = message.Role, ["content"] = message.Content })]),
            ["max_tokens"] = request.MaxTokens,
            ["temperature"] = target.Temperature,
            ["stream"] = true,
            ["stream_options"] = new JsonObject { ["include_usage"] = true },
        };
        if (target.TakesExtensions)
        {
            body["ignore_eos"] = true;
            if (request.Priority is { } priority)
            {
                body["priority"] = priority;
            }

            if (request.Slot is { } slot)
            {
                body["id_slot"] = slot;
            }
        }

        return body;
    }

    private void Take(ReplyTrace trace, SseReader events)
    {
        using var document = JsonDocument.Parse(events.Data);
        var root = document.RootElement;
        if (root.TryGetProperty("error", out var error))
        {
            throw new TargetException($"{target.Endpoint.Name} broke a reply off: {error.GetRawText()}");
        }

        if (root.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
        {
            trace.Usage = Usage(usage);
        }

        if (!root.TryGetProperty("choices", out var choices) || choices.GetArrayLength() == 0)
        {
            return;
        }

        var choice = choices[0];
        if (choice.TryGetProperty("delta", out var delta) && (Text(delta, "content") ?? Text(delta, "reasoning_content")) is { } text)
        {
            trace.AddText(text, events.ArrivedAt);
        }

        trace.FinishReason = Text(choice, "finish_reason") ?? trace.FinishReason;
    }

    private static ReplyUsage Usage(JsonElement usage)
    {
        int? cached = usage.TryGetProperty("prompt_tokens_details", out var details) && details.ValueKind == JsonValueKind.Object
            && details.TryGetProperty("cached_tokens", out var tokens) && tokens.ValueKind == JsonValueKind.Number
                ? tokens.GetInt32()
                : null;
        return new ReplyUsage(usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("completion_tokens").GetInt32(), cached);
    }

    /// <summary>A member's text; null where it is missing, null or empty.</summary>
    private static string? Text(JsonElement parent, string member) =>
        parent.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}

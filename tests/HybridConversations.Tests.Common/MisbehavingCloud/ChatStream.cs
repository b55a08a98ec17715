using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace HybridConversations.Tests.Common.MisbehavingCloud;

/// <summary>Writes one answer as server-sent events, with the faults that were ordered.</summary>
internal sealed class ChatStream(HttpContext context, ReceivedCall call)
{
    private const string Safe = """{"hate":{"filtered":false,"severity":"safe"},"self_harm":{"filtered":false,"severity":"safe"},"sexual":{"filtered":false,"severity":"safe"},"violence":{"filtered":false,"severity":"safe"}}""";
    private const string Struck = """{"hate":{"filtered":false,"severity":"safe"},"protected_material_text":{"filtered":true,"detected":true},"self_harm":{"filtered":true,"severity":"medium"}}""";
    private readonly Misbehaviour _how = call.Refusal ?? call.Misbehaviour;
    private readonly bool _azure = context.Request.Path.StartsWithSegments("/openai", StringComparison.Ordinal);
    private int _events;

    /// <summary>The server's own rule: words of the messages. Never more than a tokenizer that is bound to bytes would find.</summary>
    public static int CountPrompt(string body)
    {
        using var json = JsonDocument.Parse(body);
        var words = 0;
        foreach (var message in json.RootElement.GetProperty("messages").EnumerateArray())
        {
            words += (message.TryGetProperty("content", out var content) ? content.ToString() : "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        }

        return Math.Max(1, words);
    }

    public async Task Write()
    {
        var response = context.Response;
        if (_how.BeforeHeaders is { } hold)
        {
            await hold.Wait(context.RequestAborted);
        }

        foreach (var (name, value) in _how.Headers)
        {
            response.Headers[name] = value;
        }

        response.StatusCode = _how.Status;
        response.ContentType = _how.ContentType;
        if (_how.Status != 200 || _how.ContentType != "text/event-stream")
        {
            var key = call.Authorization?.Replace("Bearer ", "", StringComparison.Ordinal) ?? "";
            await response.WriteAsync(_how.Body.Replace("{key}", key, StringComparison.Ordinal), context.RequestAborted);
            return;
        }

        await response.StartAsync(context.RequestAborted);
        call.Charged = true;
        await Pieces();
    }

    private async Task Pieces()
    {
        if (_azure)
        {
            await Raw($$"""data: {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{{Safe}}}]}""" + "\n\n");
        }

        await Chunk("""{"role":"assistant","content":""}""", null);
        for (var i = 0; i < _how.SilentChunks; i++)
        {
            await Chunk("""{"reasoning_content":"hm"}""", null);
        }

        if (_how.BeforeFirst is { } hold)
        {
            await hold.Wait(context.RequestAborted);
        }

        for (var i = 0; ; i++)
        {
            if (i == _how.CutAfter)
            {
                if (_how.BeforeCut is { } beforeCut)
                {
                    await beforeCut.Wait(context.RequestAborted);
                }

                context.Abort();
                return;
            }

            if (i == _how.EndAfter)
            {
                return;
            }

            if (i == _how.GarbageAfter)
            {
                await Raw(_how.Garbage);
                return;
            }

            if (i == (_how.Spelled?.Count ?? _how.Deltas?.Count ?? _how.Pieces.Count))
            {
                break;
            }

            if (i == _how.GapAt && _how.Gap is { } gap)
            {
                await gap.Wait(context.RequestAborted);
            }

            call.CompletionTokens++;
            if (_how.Spelled is { } spelled)
            {
                await Chunk([.. "{\"content\":\""u8, .. spelled[i], .. "\"}"u8], null);
            }
            else if (_how.Deltas is { } deltas)
            {
                await Chunk(deltas[i], null);
            }
            else
            {
                await Chunk($$"""{"content":{{JsonSerializer.Serialize(_how.Pieces[i])}}}""", null);
            }
        }

        // Whoever has the finish reason may leave before the rest: the call is complete as soon as all of it is written.
        await Chunk("{}", _how.Finish);
        if (_how.BeforeUsage is { } beforeUsage)
        {
            await beforeUsage.Wait(context.RequestAborted);
        }

        if (_how.Usage != UsageReport.Never)
        {
            await Event("", "[]"u8, true);
        }

        call.Complete = true;
        await Raw("data: [DONE]\n\n");
    }

    private Task Chunk(string delta, string? finish) => Chunk(Encoding.UTF8.GetBytes(delta), finish);

    private Task Chunk(byte[] delta, string? finish)
    {
        var id = _how.EventIds ? $"id: {++_events}\n" : "";
        return Event(id, [.. "[{\"index\":0,\"delta\":"u8, .. delta, .. Encoding.UTF8.GetBytes($",\"finish_reason\":{JsonSerializer.Serialize(finish)}{Filter(finish)}}}]")],
            _how.Usage == UsageReport.InEveryChunk);
    }

    /// <summary>Azure says with each piece what its content filter found.</summary>
    private string Filter(string? finish) => !_azure ? "" : $",\"content_filter_results\":{(finish == "content_filter" ? Struck : Safe)}";

    private Task Event(string id, ReadOnlySpan<byte> choices, bool usage) => Raw([
        .. Encoding.UTF8.GetBytes(id + """data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":"""),
        .. choices,
        .. Encoding.UTF8.GetBytes((usage ? ",\"usage\":" + Usage() : "") + "}\n\n")]);

    private string Usage() => JsonSerializer.Serialize(new
    {
        prompt_tokens = call.PromptTokens,
        completion_tokens = call.CompletionTokens,
        total_tokens = call.PromptTokens + call.CompletionTokens,
        prompt_tokens_details = new { cached_tokens = Math.Min(_how.CachedTokens, call.PromptTokens) },
    });

    private Task Raw(string text) => Raw(Encoding.UTF8.GetBytes(text));

    private async Task Raw(byte[] bytes)
    {
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}

using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace HybridConversations.Bench.Tests.Peer;

/// <summary>The peer's <c>/v1/chat/completions</c>, streaming.</summary>
internal sealed class PeerChat(PeerServer server)
{
    public Task Answer(HttpContext http) => server.Serve(http, async () =>
    {
        var body = (await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted))!;
        string[] tokens = [.. Enumerable.Repeat("<begin>", server.Options.TemplateTokens), .. PeerServer.Render(body["messages"]!.AsArray().Select(message => ((string)message!["role"]!, (string)message["content"]!)))];
        if (Complaint(body, tokens) is { } complaint)
        {
            http.Response.StatusCode = server.Running > server.Options.MostAtOnce ? 503 : 400;
            await http.Response.WriteAsJsonAsync(new JsonObject { ["error"] = new JsonObject { ["message"] = complaint } });
            return;
        }

        var cached = server.Cache.Find(tokens);
        server.Requests.Enqueue(new PeerRequest("chat", body, tokens, cached));
        var length = body["ignore_eos"] is null ? Math.Min(server.Options.OwnLength, (int)body["max_tokens"]!) : (int)body["max_tokens"]!;
        await Write(http, tokens, cached, length);
    });

    private string? Complaint(JsonNode body, string[] tokens) =>
        server.Running > server.Options.MostAtOnce ? "Too many at once."
        : server.Options.RefusesExtensions && body["ignore_eos"] is not null ? "Unrecognized request argument supplied: ignore_eos"
        : tokens.Length > server.Options.Context ? "The prompt is longer than the context."
        : null;

    private async Task Write(HttpContext http, string[] tokens, int cached, int length)
    {
        http.Response.ContentType = "text/event-stream";
        var reply = new List<string>();
        await Send(http, Delta(new JsonObject { ["role"] = "assistant", ["content"] = null }, finish: null));
        for (var index = 0; index < length; index++)
        {
            if (index > 0 && server.Options.Gap > TimeSpan.Zero)
            {
                await Task.Delay(server.Options.Gap, http.RequestAborted);
            }

            http.RequestAborted.ThrowIfCancellationRequested();
            reply.Add(PeerServer.Token(tokens.Length, index));
            await Send(http, Delta(new JsonObject { ["content"] = reply[^1] }, finish: null));
        }

        server.Cache.Hold([.. tokens, .. reply.Select(piece => piece.Trim())]);
        await Send(http, Delta(new JsonObject(), "length"));
        await Send(http, new JsonObject
        {
            ["choices"] = new JsonArray(),
            ["usage"] = new JsonObject
            {
                ["prompt_tokens"] = tokens.Length,
                ["completion_tokens"] = length,
                ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = cached },
            },
        });
        await http.Response.WriteAsync("data: [DONE]\n\n", http.RequestAborted);
    }

    private static JsonObject Delta(JsonObject delta, string? finish) =>
        new() { ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish }) };

    private static async Task Send(HttpContext http, JsonObject chunk)
    {
        await http.Response.WriteAsync($"data: {chunk.ToJsonString()}\n\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }
}

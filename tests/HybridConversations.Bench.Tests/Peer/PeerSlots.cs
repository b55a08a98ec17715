using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace HybridConversations.Bench.Tests.Peer;

/// <summary>What llama-server adds: its health, its properties, and slots that are saved to and restored from files.</summary>
internal sealed class PeerSlots(PeerServer server)
{
    public const int Slots = 4;

    public void Map(WebApplication app)
    {
        app.MapGet("/health", () => new JsonObject { ["status"] = "ok" });
        app.MapGet("/props", () => new JsonObject { ["total_slots"] = Slots, ["build_info"] = "b1-words" });
        app.MapGet("/slots", () => new JsonArray([.. Enumerable.Range(0, Slots).Select(slot => new JsonObject { ["is_processing"] = slot < server.Running })]));
        app.MapPost("/slots/{slot}", Act);
    }

    private async Task<IResult> Act(HttpContext http, int slot, string action)
    {
        if (server.Options.Folder is not { } folder)
        {
            return Results.Json(new JsonObject { ["error"] = new JsonObject { ["message"] = "This server does not support slots action." } }, statusCode: 501);
        }

        var body = await JsonNode.ParseAsync(http.Request.Body);
        var file = Path.Combine(folder, (string)body!["filename"]!);
        if (action == "save")
        {
            // The slot's last prompt and reply.
            var last = server.Requests.Last(request => (int?)request.Body["id_slot"] == slot);
            var reply = Enumerable.Range(0, (int)last.Body["max_tokens"]!).Select(index => PeerServer.Token(last.Tokens.Length, index).Trim());
            await File.WriteAllLinesAsync(file, [.. last.Tokens, .. reply]);
        }
        else
        {
            server.Cache.Hold(await File.ReadAllLinesAsync(file));
        }

        return Results.Json(new JsonObject { ["id_slot"] = slot });
    }
}

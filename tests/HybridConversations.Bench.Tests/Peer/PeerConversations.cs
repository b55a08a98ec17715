using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace HybridConversations.Bench.Tests.Peer;

/// <summary>What hc serve adds: stored conversations, listening, barge-in, the fleet.</summary>
internal sealed class PeerConversations(PeerServer server)
{
    private readonly ConcurrentDictionary<string, PeerConversation> _conversations = new();

    public void Map(WebApplication app)
    {
        app.MapGet("/health/ready", () => new JsonObject { ["status"] = "ready" });
        app.MapGet("/fleet", () => new JsonObject
        {
            ["devices"] = new JsonArray(new JsonObject
            {
                ["load"] = new JsonObject { ["running"] = server.Running, ["waiting"] = 0, ["kvCellsUsed"] = server.Cache.Cells },
            }),
        });
        app.MapPost("/conversations/{id}/turns", (HttpContext http, string id) => server.Serve(http, async () => await Of(id).Say(http)));
        app.MapPost("/conversations/{id}/listen", async (HttpContext http, string id) =>
        {
            Of(id).Listen((string)(await JsonNode.ParseAsync(http.Request.Body))!["text"]!);
            return Results.NoContent();
        });
        app.MapPost("/conversations/{id}/interrupt", async (HttpContext http, string id) =>
        {
            Of(id).Interrupt((string)(await JsonNode.ParseAsync(http.Request.Body))!["heard"]!);
            return Results.Json(new JsonObject());
        });
        app.MapDelete("/conversations/{id}", (string id) => _conversations.TryRemove(id, out _) ? Results.NoContent() : Results.NotFound());
        app.MapGet("/conversations", () => new JsonArray([.. _conversations.Keys.Select(id => JsonValue.Create(id))]));
    }

    private PeerConversation Of(string id) => _conversations.GetOrAdd(id, key => new PeerConversation(server, key));
}

using System.Text.Json.Nodes;

namespace HybridConversations.Bench.Http;

/// <summary>llama-server's slots in files: saved and restored by name where it runs with <c>--slot-save-path</c>.</summary>
internal sealed class SlotFiles(Target target)
{
    /// <summary>Saves a slot. False where the server keeps no slot files.</summary>
    public async Task<bool> TrySave(int slot, string file, CancellationToken cancellationToken)
    {
        try
        {
            await Act(slot, "save", file, cancellationToken);
            return true;
        }
        catch (TargetException exception) when (exception.Status is >= 400 and < 600)
        {
            return false;
        }
    }

    /// <exception cref="TargetException">The server could not restore it.</exception>
    public Task Restore(int slot, string file, CancellationToken cancellationToken) => Act(slot, "restore", file, cancellationToken);

    private Task<JsonNode?> Act(int slot, string action, string file, CancellationToken cancellationToken) =>
        target.Endpoint.Json(HttpMethod.Post, $"slots/{slot}?action={action}", new JsonObject { ["filename"] = file }, cancellationToken);
}

using System.Text.Json.Nodes;

namespace HybridConversations.Bench.Http;

/// <summary>How busy a server says it is.</summary>
/// <param name="Busy">Requests that run or wait.</param>
/// <param name="KvCellsUsed">KV cells (tokens) in use; null when the server does not say.</param>
internal sealed record TargetLoad(int Busy, int? KvCellsUsed)
{
    /// <summary>Asks; null when the server has no such address.</summary>
    public static async Task<TargetLoad?> Read(Target target, CancellationToken cancellationToken)
    {
        try
        {
            return target.Kind switch
            {
                TargetKind.HybridConversations => OfFleet(await target.Endpoint.Json(HttpMethod.Get, "fleet", body: null, cancellationToken)),
                TargetKind.LlamaServer => OfSlots(await target.Endpoint.Json(HttpMethod.Get, "slots", body: null, cancellationToken)),
                _ => null,
            };
        }
        catch (TargetException)
        {
            return null;
        }
    }

    private static TargetLoad? OfFleet(JsonNode? fleet)
    {
        if (fleet?["devices"] is not JsonArray devices)
        {
            return null;
        }

        var loads = devices.Select(device => device?["load"]).OfType<JsonObject>().ToArray();
        return new TargetLoad(loads.Sum(load => Whole(load, "running") + Whole(load, "waiting")), loads.Sum(load => Whole(load, "kvCellsUsed")));
    }

    private static TargetLoad? OfSlots(JsonNode? slots) =>
        slots is JsonArray list ? new TargetLoad(list.Count(slot => (bool?)slot?["is_processing"] == true), KvCellsUsed: null) : null;

    private static int Whole(JsonObject load, string member) => (int?)load[member] ?? 0;
}

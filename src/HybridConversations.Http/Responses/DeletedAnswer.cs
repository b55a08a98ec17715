using System.Text.Json.Nodes;

namespace HybridConversations.Http.Responses;

/// <summary>That something was deleted, in OpenAI's form; the devices that have still to forget it, in ours.</summary>
internal static class DeletedAnswer
{
    public static JsonObject Of(string id, string kind, Deletion? deletion)
    {
        var answer = new JsonObject { ["id"] = id, ["object"] = kind, ["deleted"] = true };
        if (deletion?.Owed is { Count: > 0 } owed)
        {
            answer["hybrid"] = new JsonObject { ["owed"] = new JsonArray([.. owed.Select(device => (JsonNode)device)]) };
        }

        return answer;
    }
}

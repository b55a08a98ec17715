using System.Text.Json.Nodes;
using HybridConversations.Http.Problems;

namespace HybridConversations.Http.Items;

/// <summary>Which part of a list of items is asked for.</summary>
/// <param name="Limit">Items at most.</param>
/// <param name="After">The item behind which the page begins; null for the first page.</param>
/// <param name="Descending">Newest first.</param>
internal sealed record ItemPage(int Limit, string? After, bool Descending)
{
    private const int Default = 20;
    private const int Max = 100;

    /// <exception cref="RequestProblemException">A value is not allowed.</exception>
    public static ItemPage Of(HttpRequest request)
    {
        var limit = (string?)request.Query["limit"];
        var order = (string?)request.Query["order"];
        var count = Default;
        if (limit is not null && (!int.TryParse(limit, out count) || count is < 1 or > Max))
        {
            throw new RequestProblemException(new Dictionary<string, string[]> { ["limit"] = [$"must be a whole number from 1 to {Max}."] });
        }

        return order is null or "asc" or "desc"
            ? new ItemPage(count, (string?)request.Query["after"], order != "asc")
            : throw new RequestProblemException(new Dictionary<string, string[]> { ["order"] = ["must be \"asc\" or \"desc\"."] });
    }

    /// <summary>This page of a list that is there whole.</summary>
    /// <param name="oldestFirst">The list.</param>
    public JsonObject Of(IReadOnlyList<JsonObject> oldestFirst)
    {
        var all = (Descending ? oldestFirst.Reverse() : oldestFirst).ToList();
        var from = After is null ? 0 : all.FindIndex(item => (string?)item["id"] == After) + 1;
        return List([.. all.Skip(from).Take(Limit)], all.Count > from + Limit);
    }

    public static JsonObject List(IReadOnlyList<JsonObject> items, bool hasMore) => new()
    {
        ["object"] = "list",
        ["data"] = new JsonArray([.. items]),
        ["first_id"] = (string?)(items is [var first, ..] ? first["id"] : null),
        ["last_id"] = (string?)(items is [.., var last] ? last["id"] : null),
        ["has_more"] = hasMore,
    };
}

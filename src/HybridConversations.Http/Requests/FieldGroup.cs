using System.Text.Json;

namespace HybridConversations.Http.Requests;

/// <summary>Fields that are treated alike; a row of a table in docs/clients.md.</summary>
/// <param name="Use">How.</param>
/// <param name="Note">For the docs, and for whoever is refused: why, and what to do instead.</param>
/// <param name="Names">The fields.</param>
internal sealed record FieldGroup(FieldUse Use, string Note, params IReadOnlyList<string> Names)
{
    /// <summary>Values, as JSON, with which a field asks for nothing, beside null, false, and empty texts, arrays and objects.</summary>
    public IReadOnlyList<string> Neutral { get; init; } = [];

    public bool AsksForNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String when value.ValueEquals("") => true,
        JsonValueKind.Array when value.GetArrayLength() == 0 => true,
        JsonValueKind.Object when !value.EnumerateObject().MoveNext() => true,
        _ => Neutral.Any(neutral => JsonElement.DeepEquals(value, JsonElement.Parse(neutral))),
    };
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace HybridConversations.Orleans.Storage;

/// <summary>What the newest turn says in the list, as it is kept in Redis. Members are only ever added, and words that this release does not know are passed over.</summary>
/// <param name="Preview">How its reply begins.</param>
/// <param name="State">How it stands.</param>
/// <param name="Route">Where it was answered.</param>
/// <param name="By">Who answered.</param>
internal sealed record IndexedLine(string? Preview, string? State, string? Route, string? By)
{
    public static string Of(ConversationSummary line) => JsonSerializer.Serialize(
        new IndexedLine(line.Preview, line.State?.ToString(), line.Route?.ToString(), line.AnsweredBy), IndexedLineJson.Default.IndexedLine);

    public static ConversationSummary Read(string? json, ConversationSummary line) =>
        json is null || JsonSerializer.Deserialize(json, IndexedLineJson.Default.IndexedLine) is not { } kept ? line : line with
        {
            Preview = kept.Preview,
            State = Enum.TryParse<TurnState>(kept.State, out var state) ? state : null,
            Route = Enum.TryParse<RouteTarget>(kept.Route, out var route) ? route : null,
            AnsweredBy = kept.By,
        };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IndexedLine))]
internal sealed partial class IndexedLineJson : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace HybridConversations.Cluster.Storage;

/// <summary>Stored records as JSON: names in camel case, enumerations by name, what is null left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ConversationRecord))]
[JsonSerializable(typeof(TurnPage))]
[JsonSerializable(typeof(ContentsRecord))]
internal sealed partial class RecordJson : JsonSerializerContext;

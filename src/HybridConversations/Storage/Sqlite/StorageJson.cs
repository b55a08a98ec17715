using System.Text.Json.Serialization;

namespace HybridConversations.Storage.Sqlite;

/// <summary>The records that are stored as JSON columns.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenUsage))]
[JsonSerializable(typeof(TurnTimings))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(KvReference))]
internal sealed partial class StorageJson : JsonSerializerContext;

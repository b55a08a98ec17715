using System.Text.Json.Serialization;

namespace HybridConversations.Storage.Sqlite;

/// <summary>The records that are stored as JSON columns.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(TokenUsage))]
[JsonSerializable(typeof(TurnTimings))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(KvReference))]
[JsonSerializable(typeof(IReadOnlyList<ToolDefinition>))]
[JsonSerializable(typeof(IReadOnlyList<ToolCall>))]
[JsonSerializable(typeof(IReadOnlyList<ToolResult>))]
[JsonSerializable(typeof(IReadOnlyList<OpenCall>))]
[JsonSerializable(typeof(IReadOnlyList<ChatMessage>))]
internal sealed partial class StorageJson : JsonSerializerContext;

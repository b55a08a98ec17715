using System.Text.Json;
using System.Text.Json.Serialization;

namespace HybridConversations.Client.Wire;

/// <summary>Enumerations travel as camelCase words, never as numbers.</summary>
internal sealed class CamelCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;

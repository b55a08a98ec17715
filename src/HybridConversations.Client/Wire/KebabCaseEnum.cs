using System.Text.Json;
using System.Text.Json.Serialization;

namespace HybridConversations.Client.Wire;

/// <summary>Enumerations whose words have two parts, as events have (<c>tool-calls</c>); never numbers.</summary>
internal sealed class KebabCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;

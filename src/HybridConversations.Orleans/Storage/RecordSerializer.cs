using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Storage;

namespace HybridConversations.Orleans.Storage;

/// <summary>
/// Stored records as JSON: names in camel case, enumerations by name, what is null left out. By reflection, since generated code would give members that an
/// older record lacks their type's default instead of their own.
/// </summary>
internal sealed class RecordSerializer : IGrainStorageSerializer
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // nobody pastes records into HTML, and most languages would double
        Converters = { new JsonStringEnumConverter() },
    };

    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, Json));

    public T Deserialize<T>(BinaryData input) =>
        JsonSerializer.Deserialize<T>(input.ToMemory().Span, Json) ?? throw new JsonException($"A stored {typeof(T).Name} is null.");
}

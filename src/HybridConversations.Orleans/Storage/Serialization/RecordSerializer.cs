using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Orleans.Storage;

namespace HybridConversations.Orleans.Storage.Serialization;

/// <summary>
/// Stored records as JSON: names in camel case, enumerations by name, what is null left out. By reflection, since generated code would give members that an
/// older record lacks their type's default instead of their own. A record that has more than this release knows is read leniently, and what it has more is
/// written again with it (<see cref="StoredRecord"/>).
/// </summary>
internal sealed class RecordSerializer : IGrainStorageSerializer
{
    // Nearly every record is of this release or an earlier one: it is read once, strictly, and costs nothing more.
    private static readonly JsonSerializerOptions Strict = Options(new JsonStringEnumConverter(), JsonUnmappedMemberHandling.Disallow);
    private static readonly JsonSerializerOptions Lenient = Options(new LenientEnumConverter(), JsonUnmappedMemberHandling.Skip);

    public BinaryData Serialize<T>(T? input)
    {
        if (input is not StoredRecord { Later: { } later })
        {
            return new BinaryData(JsonSerializer.SerializeToUtf8Bytes(input, Strict));
        }

        var written = AsWritten(input);
        later.AddTo(written);
        return new BinaryData(JsonSerializer.SerializeToUtf8Bytes(written, Strict));
    }

    public T Deserialize<T>(BinaryData input)
    {
        try
        {
            return Read<T>(input, Strict);
        }
        catch (JsonException)
        {
            var record = Read<T>(input, Lenient);
            return record is StoredRecord stored && JsonNode.Parse(input) is JsonObject found
                ? (T)(object)(stored with { Later = new LaterMembers(found, AsWritten(record)) })
                : record;
        }
    }

    private static T Read<T>(BinaryData input, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<T>(input.ToMemory().Span, options) ?? throw new JsonException($"A stored {typeof(T).Name} is null.");

    private static JsonObject AsWritten<T>(T record) => JsonSerializer.SerializeToNode(record, Strict)!.AsObject();

    private static JsonSerializerOptions Options(JsonConverter enumerations, JsonUnmappedMemberHandling unknown) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // nobody pastes records into HTML, and most languages would double
        UnmappedMemberHandling = unknown,
        Converters = { enumerations },
    };
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace HybridConversations.Orleans.Storage.Serialization;

/// <summary>
/// Enumerations by name. A name that this release does not know is read as nothing where the member may be absent; a state of a turn as
/// <see cref="TurnState.Interrupted"/> (what there is of its reply counts, and nobody runs it again); else as the first member.
/// </summary>
internal sealed class LenientEnumConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => (Nullable.GetUnderlyingType(typeToConvert) ?? typeToConvert).IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) => (JsonConverter)Activator.CreateInstance(
        Nullable.GetUnderlyingType(typeToConvert) is { } optional ? typeof(Optional<>).MakeGenericType(optional) : typeof(Required<>).MakeGenericType(typeToConvert))!;

    private static T? Known<T>(ref Utf8JsonReader reader)
        where T : struct, Enum =>
        reader.TokenType == JsonTokenType.String && Enum.TryParse<T>(reader.GetString(), ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : null;

    private sealed class Required<T> : JsonConverter<T>
        where T : struct, Enum
    {
        private static readonly T Unknown = typeof(T) == typeof(TurnState) ? (T)(object)TurnState.Interrupted : default;

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Known<T>(ref reader) ?? Unknown;

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    private sealed class Optional<T> : JsonConverter<T?>
        where T : struct, Enum
    {
        public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Known<T>(ref reader);

        public override void Write(Utf8JsonWriter writer, T? value, JsonSerializerOptions options) => writer.WriteStringValue(value?.ToString());
    }
}

using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HybridConversations.Cloud;

/// <summary>A key that shows itself to no one: its text, its JSON and the debugger's view are <c>***</c>.</summary>
[DebuggerDisplay("***")]
[JsonConverter(typeof(Masked))]
public sealed class Secret
{
    /// <summary>Longest key that is taken.</summary>
    public const int MaxCharacters = 4_096;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _value;

    /// <summary>Throws <see cref="FormatException"/>, without the value, when it cannot stand in a header.</summary>
    public Secret(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Length is 0 or > MaxCharacters || value.Any(c => c is <= ' ' or > '~'))
        {
            throw new FormatException($"a key has 1 to {MaxCharacters} visible ASCII characters and no spaces");
        }

        _value = value;
    }

    /// <summary>The key itself, for whoever sends it.</summary>
    internal string Reveal() => _value;

    /// <inheritdoc/>
    public override string ToString() => "***";

    private sealed class Masked : JsonConverter<Secret>
    {
        public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new JsonException("A key is never read from JSON: give it in the environment, in user secrets or in a file of its own.");

        public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) => writer.WriteStringValue("***");
    }
}

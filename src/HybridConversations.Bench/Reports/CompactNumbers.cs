using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HybridConversations.Bench.Reports;

/// <summary>Long lists of numbers on one line, in a document that is indented otherwise.</summary>
internal sealed class CompactNumbers : JsonConverter<IReadOnlyList<double>>
{
    public override IReadOnlyList<double> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("A list of numbers was expected.");
        }

        var numbers = new List<double>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            numbers.Add(reader.GetDouble());
        }

        return numbers;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<double> value, JsonSerializerOptions options) =>
        writer.WriteRawValue($"[{string.Join(',', value.Select(number => number.ToString("R", CultureInfo.InvariantCulture)))}]");
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HybridConversations.Bench.Reports;

/// <summary>Reads and writes the JSON of a report.</summary>
public static class ReportFile
{
    private static readonly ReportJson Json = new(new JsonSerializerOptions(ReportJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static string ToJson(BenchReport report) => JsonSerializer.Serialize(report, Json.BenchReport) + "\n";

    /// <exception cref="JsonException">It is no report.</exception>
    public static BenchReport FromJson(string json) => JsonSerializer.Deserialize(json, Json.BenchReport) ?? throw new JsonException("The report is null.");

    /// <summary>Writes a text beside its place and moves it there, so that no half file is ever seen.</summary>
    internal static void Write(string file, string text)
    {
        var part = file + ".part";
        File.WriteAllText(part, text);
        File.Move(part, file, overwrite: true);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, IndentSize = 1)]
[JsonSerializable(typeof(BenchReport))]
internal sealed partial class ReportJson : JsonSerializerContext;

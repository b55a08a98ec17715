using System.Text.Encodings.Web;
using System.Text.Json;
using HybridConversations.Cli.Terminal;
using HybridConversations.Routing;

namespace HybridConversations.Cli.Routes;

/// <summary>Decides line by line: a JSON object with a <c>text</c> in, one with the decision out. A wrong line is told with its number and passed over.</summary>
/// <param name="router">Decides.</param>
/// <param name="name">What is read, for messages.</param>
internal sealed class RouteFile(Router router, string name)
{
    /// <summary>Every character of the longest turn may be escaped (<c>\u00e4</c>), and other members may stand beside it.</summary>
    private const int MaxLine = (6 * Limits.MaxTurnCharacters) + 65_536;

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>False when a line was wrong.</summary>
    public async Task<bool> Run(TextReader input, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        var lines = new LineReader(input, MaxLine);
        var right = true;
        for (long number = 1; await lines.Next(cancellationToken) is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            var (text, fault) = lines.Shortened ? (null, $"the line is longer than {MaxLine} characters") : TextOf(line);
            if (text is null)
            {
                right = false;
                await errors.WriteLineAsync($"hc route: {name}, line {number}: {fault}. Each line must be a JSON object with a \"text\".");
                continue;
            }

            await output.WriteLineAsync(Line(text, RoutePrint.Decide(router, text)));
            await output.FlushAsync(cancellationToken);
        }

        return right;
    }

    private static (string? Text, string? Fault) TextOf(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.ValueKind != JsonValueKind.Object ? (null, "this is no object")
                : !json.RootElement.TryGetProperty("text", out var text) ? (null, "there is no \"text\"")
                : text.ValueKind != JsonValueKind.String ? (null, "\"text\" is no string")
                : text.GetString() is { Length: <= Limits.MaxTurnCharacters } value ? (value, null)
                : (null, $"\"text\" is longer than the {Limits.MaxTurnCharacters} characters that a turn may have");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second: an escaped half of a surrogate pair.
            return (null, $"this is no JSON ({exception.Message.TrimEnd('.').ReplaceLineEndings(" ")})");
        }
    }

    private static string Line(string text, RouteDecision decision)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            json.WriteString("text", text);
            json.WriteString("target", decision.Target == RouteTarget.Cloud ? "cloud" : "local");
            json.WriteNumber("score", Math.Round(decision.Score, 4));
            if (decision.Known is { } known)
            {
                json.WriteNumber("known", Math.Round(known, 2));
            }

            json.WriteString("reason", decision.Reason);
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}

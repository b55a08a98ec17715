using System.Text;
using System.Text.Json;
using HybridConversations.Escalations.Endpoints;

namespace HybridConversations.Cloud;

/// <summary>Reads an error as OpenAI, Azure, vLLM and llama-server write it, and says what it means.</summary>
internal static class ErrorBody
{
    private const int MaxBytes = 16 * 1024;

    /// <summary>As much of a body as is worth reading.</summary>
    public static async ValueTask<string> Read(Stream? body, CancellationToken cancellationToken)
    {
        if (body is null)
        {
            return "";
        }

        var buffer = new byte[MaxBytes];
        var length = 0;
        try
        {
            int read;
            while (length < buffer.Length && (read = await body.ReadAsync(buffer.AsMemory(length), cancellationToken)) > 0)
            {
                length += read;
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // What came before the connection broke is enough.
        }

        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    /// <summary>The failure that a status and its body mean. The message is redacted.</summary>
    public static CloudException Failure(int status, string body, TimeSpan? retryAfter, Redactor redactor)
    {
        var (message, code, filtered) = Parse(body);
        var said = message.Length == 0 ? "" : $" It says: {redactor.Clean(message)}";
        var (kind, what) = Meaning(status, code, message);
        if (kind == CloudFailureKind.ContentFilter && filtered is not null)
        {
            what += $" It names: {redactor.Clean(filtered)}.";
        }

        return new CloudException(kind, $"{what}{said}") { Status = status, RetryAfter = retryAfter };
    }

    /// <summary>An error in the place of a chunk, after a status of 200.</summary>
    public static CloudException InStream(string json, Redactor redactor)
    {
        var (message, code, filtered) = Parse(json);
        if (IsFilter(code))
        {
            return Withheld(filtered, redactor);
        }

        return new CloudException(CloudFailureKind.Cut, $"it reported an error within the reply.{(message.Length == 0 ? "" : " It says: " + redactor.Clean(message))}");
    }

    /// <summary>A reply that a content filter ended.</summary>
    public static CloudException Withheld(string? filtered, Redactor redactor) => new(CloudFailureKind.ContentFilter,
        $"its content filter withheld the reply, or the rest of it.{(filtered is null ? "" : $" It names: {redactor.Clean(filtered)}.")}");

    private static bool IsFilter(string code) => code is "content_filter" or "content_policy_violation" or "ResponsibleAIPolicyViolation";

    private static (CloudFailureKind Kind, string What) Meaning(int status, string code, string message) => status switch
    {
        401 => (CloudFailureKind.Unauthorized, "it does not accept the key (HTTP 401); give the right one."),
        403 => (CloudFailureKind.Forbidden, "it forbids the call (HTTP 403); the key or identity may lack the right to use the model."),
        404 when code is "DeploymentNotFound" => (CloudFailureKind.NotFound,
            "the resource has no such deployment (HTTP 404); see deployment, or model at a v1 address. One that was just made needs some minutes."),
        404 => (CloudFailureKind.NotFound, "it knows no such address or model (HTTP 404); see base-address and model, or resource and api-version."),
        429 when code is "insufficient_quota" or "billing_hard_limit_reached" => (CloudFailureKind.QuotaSpent, "the account's own quota there is spent (HTTP 429)."),
        429 => (CloudFailureKind.RateLimited, "it is asked too much at once (HTTP 429)."),
        402 => (CloudFailureKind.QuotaSpent, "the account there is out of money (HTTP 402)."),
        408 => (CloudFailureKind.ServerError, "it gave up waiting for the request (HTTP 408)."),
        >= 500 => (CloudFailureKind.ServerError, $"it has a fault of its own (HTTP {status})."),
        400 when IsFilter(code) =>
            (CloudFailureKind.ContentFilter, "its content filter refused the prompt (HTTP 400)."),
        413 => (CloudFailureKind.TooLong, "the prompt is too long for it (HTTP 413)."),
        400 when code is "context_length_exceeded" or "string_above_max_length" || message.Contains("context length", StringComparison.OrdinalIgnoreCase)
            || message.Contains("exceed_context_size", StringComparison.OrdinalIgnoreCase) || message.Contains("context size", StringComparison.OrdinalIgnoreCase)
            => (CloudFailureKind.TooLong, "the prompt is too long for its window (HTTP 400); lower window or bytes-per-token."),
        >= 300 and < 400 => (CloudFailureKind.Malformed, $"it sends callers elsewhere (HTTP {status}); give the final address as base-address."),
        _ => (CloudFailureKind.BadRequest, $"it refuses the request (HTTP {status})."),
    };

    /// <summary><c>error</c> is an object with message and code, or a string; vLLM once wrote the members at the top.</summary>
    private static (string Message, string Code, string? Filtered) Parse(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return (body, "", null);
            }

            if (root.TryGetProperty("error", out var error))
            {
                if (error.ValueKind == JsonValueKind.String)
                {
                    return (error.GetString()!, "", null);
                }

                if (error.ValueKind == JsonValueKind.Object)
                {
                    root = error;
                }
            }

            var message = Text(root, "message") ?? Text(root, "detail") ?? Text(root, "title") ?? "";
            return (message, Text(root, "code") ?? Text(root, "type") ?? "", ContentFilterResults.Describe(json.RootElement));
        }
        catch (JsonException)
        {
            // A page for people says nothing that a status does not.
            return (body.AsSpan().TrimStart().StartsWith("<") ? "" : body, "", null);
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

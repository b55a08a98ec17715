using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using HybridConversations.Http.Problems;
using Microsoft.Net.Http.Headers;

namespace HybridConversations.Http.Requests;

/// <summary>Reads a JSON object from a request, within bounds, or says exactly why it cannot.</summary>
internal static class RequestBody
{
    /// <summary>Of a body that is too large this much is read and thrown away, so that a client that is still sending gets to see the answer.</summary>
    public const int MaxDiscardedBytes = 32 << 20;

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <exception cref="ProblemException">Too large, no JSON, not an object, or another media type.</exception>
    public static async Task<JsonDocument> Read(HttpContext context, HttpLimits limits) =>
        await ReadOptional(context, limits) ?? throw new ProblemException(ProblemCodes.InvalidRequest("The request has no body: send a JSON object."));

    /// <summary>Null when there is no body.</summary>
    /// <inheritdoc cref="Read"/>
    public static async Task<JsonDocument?> ReadOptional(HttpContext context, HttpLimits limits)
    {
        var encoding = context.Request.Headers.ContentEncoding.ToString();
        var bytes = await ReadBytes(context, limits.MaxBodyBytes);
        if (encoding.Length > 0 && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Headers.AcceptEncoding = "identity";
            throw new ProblemException(HttpProblems.UnsupportedEncoding(encoding));
        }

        if (bytes.IsEmpty)
        {
            return null;
        }

        CheckMediaType(context.Request);
        return Parse(bytes);
    }

    /// <inheritdoc cref="Read"/>
    public static JsonDocument Parse(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Span.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
        }

        if (FirstInvalid(bytes.Span) is { } position)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest($"The body is not valid UTF-8: byte {position} (0x{bytes.Span[position]:X2}) belongs to no character."));
        }

        if (LoneSurrogates.IndexIn(bytes.Span) is >= 0 and var half)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest($"The body is not valid Unicode: the escape at byte {half} stands for half a surrogate pair. Send whole characters."));
        }

        try
        {
            var document = JsonDocument.Parse(bytes, Options);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            var kind = JsonMembers.Kind(document.RootElement);
            document.Dispose();
            throw new ProblemException(ProblemCodes.InvalidRequest($"The body must be a JSON object, not {kind}."));
        }
        catch (JsonException exception)
        {
            var message = exception.Message;
            var suffix = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            var where = exception.LineNumber is { } line ? $" at line {line + 1}, byte {exception.BytePositionInLine + 1}" : "";
            throw new ProblemException(ProblemCodes.InvalidRequest($"The body is not valid JSON{where}: {(suffix < 0 ? message : message[..suffix])}"), exception);
        }
    }

    private static void CheckMediaType(HttpRequest request)
    {
        // Many a client sends none. A page of another origin cannot use that to get past its browser: see OriginDoor.
        var header = request.ContentType;
        if (string.IsNullOrEmpty(header))
        {
            return;
        }

        if (MediaTypeHeaderValue.TryParse(header, out var type)
            && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
        {
            return;
        }

        throw new ProblemException(HttpProblems.UnsupportedMediaType(header));
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBytes(HttpContext context, int limit)
    {
        var reader = context.Request.BodyReader;
        var bytes = new ArrayBufferWriter<byte>((int)Math.Clamp(context.Request.ContentLength ?? 4096, 256, limit));
        long received = 0;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            received += read.Buffer.Length;
            if (received <= limit)
            {
                foreach (var segment in read.Buffer)
                {
                    bytes.Write(segment.Span);
                }
            }

            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted || received > MaxDiscardedBytes)
            {
                return received <= limit ? bytes.WrittenMemory : throw new ProblemException(HttpProblems.BodyTooLarge(limit));
            }
        }
    }

    private static int? FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            return null;
        }

        var position = 0;
        while (System.Text.Rune.DecodeFromUtf8(bytes[position..], out _, out var length) == OperationStatus.Done)
        {
            position += length;
        }

        return position;
    }
}

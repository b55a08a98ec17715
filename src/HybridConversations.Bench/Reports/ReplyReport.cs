using System.Text.Json.Serialization;
using HybridConversations.Bench.Http;

namespace HybridConversations.Bench.Reports;

/// <summary>One reply that was measured. Times are milliseconds.</summary>
/// <param name="Role">What it was for.</param>
/// <param name="StartMs">When it was asked for, from the beginning of the run.</param>
/// <param name="FirstTokenMs">From then to its first piece of text; null when there was none.</param>
/// <param name="TotalMs">From then to its end.</param>
/// <param name="PromptTokens">As counted by the server.</param>
/// <param name="CompletionTokens">As counted by the server, else the pieces.</param>
/// <param name="CachedTokens">Prompt tokens that were not read again.</param>
/// <param name="GapsMs">Between each piece of text and the one before.</param>
public sealed record ReplyReport(
    string Role, double StartMs, double? FirstTokenMs, double TotalMs, int? PromptTokens, int CompletionTokens, int? CachedTokens,
    [property: JsonConverter(typeof(CompactNumbers))] IReadOnlyList<double> GapsMs)
{
    /// <summary>Role of voices' replies.</summary>
    internal const string Voice = "voice";

    internal static ReplyReport Of(ReplyTrace reply, long runStartedAt, TimeProvider clock) => new(
        reply.Role,
        Rounded(clock.GetElapsedTime(runStartedAt, reply.StartedAt).TotalMilliseconds),
        reply.FirstTokenMs is { } first ? Rounded(first) : null,
        Rounded(reply.TotalMs),
        reply.Usage?.PromptTokens,
        reply.CompletionTokens,
        reply.Usage?.CachedTokens,
        [.. reply.GapsMs.Select(Rounded)]);

    private static double Rounded(double milliseconds) => Math.Round(milliseconds, 3);
}

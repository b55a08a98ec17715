using System.Text.Json;

namespace HybridConversations.Cloud;

/// <summary>
/// Why Azure's content filter struck, from <c>content_filter_results</c> of a choice or <c>innererror.content_filter_result</c> of an error. Each of its
/// members is a category with <c>filtered</c>, and <c>severity</c> or <c>detected</c>; categories are added over time, so none is taken for granted.
/// </summary>
internal static class ContentFilterResults
{
    private const int MaxCategories = 8;
    private static readonly string[] Members = ["content_filter_result", "content_filter_results"];

    /// <summary>"violence (high), jailbreak (detected)"; null when nothing below <paramref name="json"/> says what was filtered.</summary>
    public static string? Describe(JsonElement json)
    {
        var categories = Find(json, depth: 0).SelectMany(Filtered).Distinct(StringComparer.Ordinal).Take(MaxCategories).ToList();
        return categories.Count == 0 ? null : string.Join(", ", categories);
    }

    private static IEnumerable<JsonElement> Find(JsonElement json, int depth)
    {
        if (depth > 8)
        {
            return [];
        }

        return json.ValueKind switch
        {
            JsonValueKind.Object => json.EnumerateObject().SelectMany(member =>
                Members.Contains(member.Name) && member.Value.ValueKind == JsonValueKind.Object ? [member.Value] : Find(member.Value, depth + 1)),
            JsonValueKind.Array => json.EnumerateArray().SelectMany(item => Find(item, depth + 1)),
            _ => [],
        };
    }

    private static IEnumerable<string> Filtered(JsonElement results)
    {
        foreach (var category in results.EnumerateObject())
        {
            var result = category.Value;
            if (result.ValueKind != JsonValueKind.Object || !result.TryGetProperty("filtered", out var filtered) || filtered.ValueKind != JsonValueKind.True)
            {
                continue;
            }

            var name = category.Name.Replace('_', '-');
            if (result.TryGetProperty("severity", out var severity) && severity.ValueKind == JsonValueKind.String)
            {
                yield return $"{name} ({severity.GetString()})";
            }
            else
            {
                yield return result.TryGetProperty("detected", out var detected) && detected.ValueKind == JsonValueKind.True ? $"{name} (detected)" : name;
            }
        }
    }
}

using System.Globalization;
using HybridConversations.Http.Problems;

namespace HybridConversations.Http.Requests;

/// <summary>Values in the query of an address; null where they are not given.</summary>
internal static class QueryValue
{
    /// <exception cref="RequestProblemException">It is no whole number, or not in the range.</exception>
    public static long? Whole(string name, string? text, long min, long max)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? value
            : throw Wrong(name, $"must be a whole number from {min} to {max}.");
    }

    /// <exception cref="RequestProblemException">There is no such choice.</exception>
    public static T? Choice<T>(string name, string? text)
        where T : struct, Enum
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return char.IsAsciiLetter(text[0]) && Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value)
            ? value
            : throw Wrong(name, $"must be one of {string.Join(", ", Enum.GetNames<T>().Select(choice => choice.ToLowerInvariant()))}.");
    }

    /// <exception cref="RequestProblemException">It is no time.</exception>
    public static DateTimeOffset? Time(string name, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw Wrong(name, "must be a time such as 2026-11-26T08:00:00Z.");
    }

    /// <exception cref="RequestProblemException">It is too long.</exception>
    public static string? Text(string name, string? text, int max) =>
        string.IsNullOrEmpty(text) ? null : text.Length <= max ? text : throw Wrong(name, $"has {text.Length} characters; {max} are allowed.");

    private static RequestProblemException Wrong(string name, string what) => new(new Dictionary<string, string[]> { [name] = [what] });
}

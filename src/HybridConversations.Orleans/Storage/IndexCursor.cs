using System.Globalization;

namespace HybridConversations.Orleans.Storage;

/// <summary>A place in the list: behind the conversation of this time and id.</summary>
internal readonly record struct IndexCursor(long Milliseconds, string Id)
{
    /// <exception cref="ProblemException"><c>invalid-request</c>.</exception>
    public static IndexCursor? Parse(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return null;
        }

        var dash = cursor.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && dash < cursor.Length - 1 && long.TryParse(cursor.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            ? new IndexCursor(time, cursor[(dash + 1)..])
            : throw new ProblemException(ProblemCodes.InvalidRequest($"The cursor '{cursor}' is not one that this service gave out. Leave it out to begin at the newest."));
    }

    /// <exception cref="ProblemException"><c>invalid-request</c>.</exception>
    public static void CheckLimit(int limit)
    {
        if (limit is < 1 or > Limits.MaxPage)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest($"limit is {limit}; it must be from 1 to {Limits.MaxPage}."));
        }
    }

    public override string ToString() => $"{Milliseconds}-{Id}";
}

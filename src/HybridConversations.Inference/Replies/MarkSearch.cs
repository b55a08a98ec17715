namespace HybridConversations.Inference.Replies;

/// <summary>Finds marks in a text that is still coming.</summary>
internal static class MarkSearch
{
    /// <summary>The first mark, the longest where several begin there; −1 and null where there is none.</summary>
    public static (int At, string? Mark) Find(string text, IEnumerable<string> marks)
    {
        var (first, found) = (-1, (string?)null);
        foreach (var mark in marks)
        {
            var at = mark.Length == 0 ? -1 : text.IndexOf(mark, StringComparison.Ordinal);
            if (at >= 0 && (found is null || at < first || (at == first && mark.Length > found.Length)))
            {
                (first, found) = (at, mark);
            }
        }

        return (first, found);
    }

    /// <summary>How many characters at the end may be the beginning of a mark.</summary>
    public static int Held(string text, IEnumerable<string> marks)
    {
        var held = 0;
        foreach (var mark in marks)
        {
            for (var length = Math.Min(mark.Length - 1, text.Length); length > held; length--)
            {
                if (text.AsSpan(text.Length - length).SequenceEqual(mark.AsSpan(0, length)))
                {
                    held = length;
                }
            }
        }

        return held;
    }
}

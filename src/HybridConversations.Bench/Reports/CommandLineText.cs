namespace HybridConversations.Bench.Reports;

/// <summary>A command line as text that may be published.</summary>
internal static class CommandLineText
{
    private const string KeyOption = "--key";
    private const string Hidden = "***";

    /// <summary>Joins the words as a shell would take them, with the key's value hidden.</summary>
    public static string Of(IReadOnlyList<string> words, string? key)
    {
        var shown = new List<string>();
        for (var index = 0; index < words.Count; index++)
        {
            var secret = index > 0 && words[index - 1] == KeyOption;
            var word = words[index].StartsWith(KeyOption + "=", StringComparison.Ordinal) ? $"{KeyOption}={Hidden}" : secret ? Hidden : words[index];
            shown.Add(Quoted(string.IsNullOrEmpty(key) ? word : word.Replace(key, Hidden, StringComparison.Ordinal)));
        }

        return string.Join(' ', shown);
    }

    private static string Quoted(string word) =>
        word.Length > 0 && word.All(character => char.IsAsciiLetterOrDigit(character) || "-_./:=,*+@%".Contains(character, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}

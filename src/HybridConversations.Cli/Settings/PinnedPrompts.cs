namespace HybridConversations.Cli.Settings;

/// <summary>System prompts that are kept ready, each in a text file of its own.</summary>
internal static class PinnedPrompts
{
    public const int MaxFiles = 15;

    public static IReadOnlyList<string> Read(SettingsReader reader)
    {
        var files = reader.Text(KnownSettings.PinnedPrompts)?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        if (files.Length > MaxFiles)
        {
            reader.Wrong(KnownSettings.PinnedPrompts, $"{files.Length} files are given; at most {MaxFiles} system prompts are kept ready.");
            return [];
        }

        var prompts = new List<string>();
        foreach (var file in files)
        {
            if (Fault(file, out var text) is { } fault)
            {
                reader.Wrong(KnownSettings.PinnedPrompts, fault);
            }
            else
            {
                prompts.Add(text);
            }
        }

        return prompts;
    }

    private static string? Fault(string file, out string text)
    {
        text = "";
        var path = Paths.Full(file);
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > 4L * Limits.MaxSystemCharacters })
            {
                return $"{path} is longer than the {Limits.MaxSystemCharacters} characters that a system prompt may have.";
            }

            // A prompt is compared character by character with what clients send: only the line end that editors add is taken off.
            text = File.ReadAllText(path).TrimEnd('\n', '\r');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"{path} cannot be read: {exception.Message}";
        }

        return text.Length switch
        {
            0 => $"{path} is empty.",
            > Limits.MaxSystemCharacters => $"{path} has {text.Length} characters; a system prompt may have {Limits.MaxSystemCharacters}.",
            _ => null,
        };
    }
}

namespace HybridConversations.Cli.Settings;

/// <summary>Where conversations are kept.</summary>
internal static class DataFolders
{
    private const string Name = "hybrid-conversations";

    public static string Read(SettingsReader reader)
    {
        reader.Check(KnownSettings.Data, Fault);
        if (reader.Text(KnownSettings.Data) is { } given)
        {
            return Path.IsPathRooted(given) || given.Length > 0 ? Paths.Full(given) : "";
        }

        if (Default() is { } folder)
        {
            return folder;
        }

        reader.Wrong(KnownSettings.Data, $"this user has no home folder to keep conversations in. Give {KnownSettings.Data.Option} DIR or set {KnownSettings.Data.Variable}.");
        return "";
    }

    /// <summary><c>~/.local/share/hybrid-conversations</c>, or below <c>XDG_DATA_HOME</c>; null for a user without a home.</summary>
    public static string? Default()
    {
        var share = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return share.Length == 0 ? null : Path.Combine(share, Name);
    }

    private static string? Fault(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            return "the folder has no name.";
        }

        for (var part = Paths.Full(path); part is not null; part = Path.GetDirectoryName(part))
        {
            if (File.Exists(part))
            {
                return $"{part} is a file, not a folder.";
            }
        }

        return null;
    }
}

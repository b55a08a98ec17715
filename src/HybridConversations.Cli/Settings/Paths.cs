namespace HybridConversations.Cli.Settings;

/// <summary>Paths as people write them.</summary>
internal static class Paths
{
    /// <summary>Absolute; a leading <c>~/</c> is the home folder also where no shell has replaced it.</summary>
    public static string Full(string path) => path.StartsWith("~/", StringComparison.Ordinal)
        ? Path.GetFullPath(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..]))
        : Path.GetFullPath(path);
}

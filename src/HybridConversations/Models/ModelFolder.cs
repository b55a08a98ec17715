namespace HybridConversations.Models;

/// <summary>Where models lie.</summary>
public static class ModelFolder
{
    /// <summary>The variable that names another folder.</summary>
    public const string Variable = "HC_MODELS";

    /// <summary><c>HC_MODELS</c>, else <c>hybrid-conversations/models</c> in <c>XDG_DATA_HOME</c> or <c>~/.local/share</c>. It need not exist.</summary>
    public static string Default => From(Environment.GetEnvironmentVariable);

    internal static string From(Func<string, string?> environment)
    {
        if (environment(Variable) is { Length: > 0 } folder)
        {
            return Path.GetFullPath(folder);
        }

        // The XDG specification: a relative path is to be ignored.
        var data = environment("XDG_DATA_HOME") is { } xdg && Path.IsPathFullyQualified(xdg)
            ? xdg
            : Path.Combine(environment("HOME") is { Length: > 0 } home ? home : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share");
        return Path.Combine(data, "hybrid-conversations", "models");
    }
}

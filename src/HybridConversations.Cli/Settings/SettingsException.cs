namespace HybridConversations.Cli.Settings;

/// <summary>Everything that is wrong with the settings, one line each.</summary>
internal sealed class SettingsException(IReadOnlyList<string> errors) : Exception(string.Join('\n', errors))
{
    public IReadOnlyList<string> Errors { get; } = errors;
}

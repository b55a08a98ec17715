namespace HybridConversations.Cli.Settings;

/// <summary>Whom to drain, and how to reach the fleet.</summary>
internal sealed record DrainSettings(string Device, JoinSettings Join, LogLevel? Log)
{
    /// <exception cref="SettingsException">Anything was wrong; says all of it.</exception>
    public static DrainSettings Read(SettingsSources sources)
    {
        var reader = new SettingsReader(sources);
        var device = reader.Text(FleetSettings.Device);
        if (device is null)
        {
            reader.Wrong(FleetSettings.Device, "say which device to drain.");
        }

        var settings = new DrainSettings(device ?? "", JoinSettings.Read(reader), ServerSettings.ReadLog(reader));
        reader.ThrowIfWrong();
        return settings;
    }
}

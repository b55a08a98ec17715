using HybridConversations.Cli.Settings;

namespace HybridConversations.Cli.Doctor;

/// <summary>Everything that conversations on this machine want, looked at one by one; nothing is started or left behind.</summary>
internal static class Diagnosis
{
    public static IEnumerable<Finding> Examine(SettingsSources sources)
    {
        foreach (var finding in MachineCheck.Examine())
        {
            yield return finding;
        }

        yield return BackendCheck.Examine(sources);
        yield return ModelCheck.Examine(sources);
        foreach (var finding in Places(sources))
        {
            yield return finding;
        }

        yield return RedisCheck.Examine();
        yield return SettingsCheck(sources);
    }

    private static IEnumerable<Finding> Places(SettingsSources sources)
    {
        var reader = new SettingsReader(sources);
        if (DataFolders.Read(reader) is { Length: > 0 } folder)
        {
            yield return DataFolderCheck.Examine(folder);
        }

        foreach (var url in ListenUrls.Read(reader))
        {
            yield return AddressCheck.Examine(url);
        }
    }

    private static Finding SettingsCheck(SettingsSources sources)
    {
        try
        {
            ServerSettings.Read(sources);
            return Finding.Ok("settings", "valid");
        }
        catch (SettingsException exception)
        {
            return Finding.Missing("settings", string.Join(" | ", exception.Errors), "Put them right: hc serve --help lists what is allowed.");
        }
    }
}

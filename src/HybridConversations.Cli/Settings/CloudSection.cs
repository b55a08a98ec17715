using HybridConversations.Cloud;
using HybridConversations.Escalations.Bridging;
using HybridConversations.Escalations.Settings;

namespace HybridConversations.Cli.Settings;

/// <summary>The cloud endpoint: <c>"cloud"</c> of appsettings.json, and over it the two settings that are enough for a plain endpoint.</summary>
internal static class CloudSection
{
    /// <summary>Null when no cloud is configured.</summary>
    public static CloudSettings? Read(SettingsReader reader)
    {
        var url = reader.Text(KnownSettings.CloudUrl);
        var model = reader.Text(KnownSettings.CloudModel);
        var section = reader.Section("cloud");
        if (url is null && model is null && section is null)
        {
            return null;
        }

        try
        {
            var settings = section is { } json ? CloudSettings.Read(json) : new CloudSettings(new CloudOptions(), new BridgeOptions());
            if (url is not null)
            {
                if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
                {
                    reader.Wrong(KnownSettings.CloudUrl, $"'{url}' is no address; give {KnownSettings.CloudUrl.Allowed}.");
                    return null;
                }

                settings = settings with { Cloud = ForAddress(settings.Cloud, address) };
            }

            return model is null ? settings : settings with { Cloud = settings.Cloud with { Model = model } };
        }
        catch (ProblemException problem)
        {
            reader.Wrong(problem.Problem.Detail);
            return null;
        }
    }

    /// <summary>What the address tells of the endpoint, unless the file said it.</summary>
    private static CloudOptions ForAddress(CloudOptions options, Uri address)
    {
        var kind = address.Host.EndsWith(".openai.azure.com", StringComparison.OrdinalIgnoreCase) ? CloudKind.Azure
            : address.Host == "api.openai.com" ? CloudKind.OpenAI : CloudKind.Compatible;

        // A server on this machine is somebody's own, and wants no key.
        return options with { BaseAddress = address, Kind = kind, Authentication = address.IsLoopback ? CloudAuthentication.None : options.Authentication };
    }
}

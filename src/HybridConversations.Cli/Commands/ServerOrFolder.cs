using System.CommandLine;
using HybridConversations.Cli.Settings;
using HybridConversations.Client;

namespace HybridConversations.Cli.Commands;

/// <summary>Where conversations are: at a server, or in a data folder.</summary>
internal sealed class ServerOrFolder(Command command)
{
    private readonly SettingOptions _options = new(command, [KnownSettings.Url, KnownSettings.Key, KnownSettings.Data]);

    /// <exception cref="SettingsException">A setting is wrong.</exception>
    public (HttpClient? Server, string Folder) Read(ParseResult parsed)
    {
        var reader = new SettingsReader(_options.Sources(parsed));
        var url = reader.Read(KnownSettings.Url, text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : null);
        var folder = url is null ? DataFolders.Read(reader) : "";
        if (url is not null && reader.IsOnCommandLine(KnownSettings.Data))
        {
            reader.Wrong(KnownSettings.Data, $"has no effect with {KnownSettings.Url.Option}: the server there has its own. Leave one of the two out.");
        }

        reader.ThrowIfWrong();
        return (url is null ? null : HttpConversations.CreateClient(url, reader.Text(KnownSettings.Key)), folder);
    }
}

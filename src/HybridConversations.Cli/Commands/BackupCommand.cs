using System.CommandLine;
using HybridConversations.Cli.Settings;
using HybridConversations.Storage;

namespace HybridConversations.Cli.Commands;

/// <summary><c>hc backup FOLDER</c>: a copy of the data folder, taken while the server runs.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        var target = new Argument<string>("FOLDER") { Description = "Folder to make; it must not be there." };
        var command = new Command("backup", "Copy the data folder of one machine while its server runs: conversations, costs and keys, each as it is at one moment. A fleet is kept by 'hc export'.") { target };
        var options = new SettingOptions(command, [KnownSettings.Data]);
        command.SetAction(parsed =>
        {
            var reader = new SettingsReader(options.Sources(parsed));
            var folder = DataFolders.Read(reader);
            reader.ThrowIfWrong();
            var to = Paths.Full(parsed.GetValue(target)!);
            var files = FolderBackup.Take(folder, to);
            Console.Out.WriteLine($"{to}: {string.Join(", ", files)}. To go back: hc serve --data {to}");
            return ExitCodes.Success;
        });
        return command;
    }
}

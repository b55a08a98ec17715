using System.CommandLine;
using HybridConversations.Cli.Moving;
using HybridConversations.Cli.Settings;

namespace HybridConversations.Cli.Commands;

/// <summary><c>hc import FILE</c>: brings the conversations of an export to a server or into a data folder.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "What 'hc export' wrote." };
        var command = new Command("import", "Bring the conversations of an export to a server (--url), or into a data folder that no server uses. Those that are there already stay as they are.") { file };
        var where = new ServerOrFolder(command);
        command.SetAction((parsed, cancellationToken) => Import(where.Read(parsed), Paths.Full(parsed.GetValue(file)!), cancellationToken));
        return command;
    }

    private static async Task<int> Import((HttpClient? Server, string Folder) where, string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new ProblemException(ProblemCodes.InvalidRequest($"There is no file '{path}'."));
        }

        // To its end first: half of an export is none.
        var reader = new ExportReader(path);
        await reader.Check(cancellationToken);
        using var server = where.Server;
        await using var folder = server is null ? new FolderTarget(where.Folder) : null;
        var import = new ConversationImport(folder ?? (IImportTarget)new ServerTarget(server!), Console.Error.WriteLine);
        await import.Run(reader.Pages(cancellationToken), cancellationToken);
        Console.Error.WriteLine($"{import.Taken} conversations were brought; {import.Left} were there already.");
        return ExitCodes.Success;
    }
}

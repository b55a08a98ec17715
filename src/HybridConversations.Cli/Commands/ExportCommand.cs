using System.CommandLine;
using HybridConversations.Cli.Moving;
using HybridConversations.Cli.Settings;
using HybridConversations.Client;
using HybridConversations.Conversations.Archive;
using HybridConversations.InProcess;

namespace HybridConversations.Cli.Commands;

/// <summary><c>hc export</c>: conversations as JSON lines, from a server or a data folder, while they go on.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var output = new Option<string?>("--out") { Description = "File to write, which must not be there. (default: standard output)", HelpName = "FILE" };
        var conversation = new Option<string?>("--conversation") { Description = "One conversation only.", HelpName = "ID" };
        var tenant = new Option<string?>("--tenant") { Description = "The conversations of one tenant only.", HelpName = "NAME" };
        var command = new Command("export", "Write conversations as JSON lines: all, a tenant's, or one. From a server (--url) or a data folder; they may go on meanwhile.") { output, conversation, tenant };
        var where = new ServerOrFolder(command);
        command.SetAction((parsed, cancellationToken) => Export(where.Read(parsed), parsed.GetValue(output), parsed.GetValue(conversation), parsed.GetValue(tenant), cancellationToken));
        return command;
    }

    private static async Task<int> Export((HttpClient? Server, string Folder) where, string? output, string? conversation, string? tenant, CancellationToken cancellationToken)
    {
        using var server = where.Server;
        using var folder = server is null ? new FolderArchive(where.Folder) : null;
        IConversationArchive archive = folder ?? (IConversationArchive)new ListedArchive(new HttpConversations(server!));
        await using var file = Open(output);
        var writer = new ExportWriter(file);
        var export = new ConversationExport(archive, writer);
        await (conversation is not null ? export.RunOne(conversation, cancellationToken) : export.Run(id => tenant is null || Tenants.Of(id) == tenant, cancellationToken));
        Console.Error.WriteLine($"{writer.Conversations} conversations with {writer.Turns} turns.");
        return ExitCodes.Success;
    }

    private static StreamWriter Open(string? path)
    {
        var text = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        try
        {
            return path is null ? new StreamWriter(Console.OpenStandardOutput(), text) : new StreamWriter(Paths.Full(path), text, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest($"'{path}' cannot be written: {error.Message}"), error);
        }
    }
}

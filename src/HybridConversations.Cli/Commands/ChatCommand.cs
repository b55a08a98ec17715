using System.CommandLine;
using HybridConversations.Cli.Chat;
using HybridConversations.Cli.Hosting;
using HybridConversations.Cli.Settings;
using HybridConversations.Cli.Terminal.Editing;
using HybridConversations.Client;
using HybridConversations.Client.Wire;

namespace HybridConversations.Cli.Commands;

/// <summary><c>hc chat</c>: a conversation in the terminal, or one message a line where there is none.</summary>
internal static class ChatCommand
{
    public static Command Create()
    {
        var command = new Command("chat", "Chat with the model. Not in a terminal: reads one message a line and prints one reply a line.");
        var options = new SettingOptions(command, [.. KnownSettings.Chatting, .. KnownSettings.Engine]);
        command.SetAction((parsed, cancellationToken) => Chat(ChatSettings.Read(options.Sources(parsed)), cancellationToken));
        return command;
    }

    private static async Task<int> Chat(ChatSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Url is { } address)
        {
            using var http = HttpConversations.CreateClient(address, settings.Key);
            return await Hold(settings, new HttpConversations(http), stop => FleetOf(http, stop), address.ToString(), cancellationToken);
        }

        var machine = settings.Machine!;
        using var loggers = LoggerFactory.Create(logging => ConfigureLog(logging, machine.Log));
        await using var host = await OneMachine.Start(machine with { WarmUp = false }, loggers, cancellationToken);
        var status = await host.Device.Status(cancellationToken);
        return await Hold(settings, host.Conversations, host.Fleet.View, status.Model.Name, cancellationToken);
    }

    /// <summary>What becomes of a turn is told where it was said, once; the log need not tell it too.</summary>
    private static void ConfigureLog(ILoggingBuilder logging, LogLevel? asked)
    {
        Logs.Configure(logging, asked ?? LogLevel.Warning);
        if (asked is null)
        {
            logging.AddFilter("HybridConversations.Conversations", LogLevel.None).AddFilter("HybridConversations.Escalations", LogLevel.None);
        }
    }

    private static async ValueTask<FleetView> FleetOf(HttpClient http, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "fleet");
        using var response = await HttpExchange.Send(http, request, cancellationToken);
        await HttpExchange.ThrowUnlessSuccess(response, cancellationToken);
        return await HttpExchange.Read(response, WireJson.Answers.FleetView, cancellationToken);
    }

    private static async Task<int> Hold(ChatSettings settings, IConversations conversations, Func<CancellationToken, ValueTask<FleetView>> fleet, string with, CancellationToken cancellationToken)
    {
        var session = new ChatSession(conversations, settings);
        await using var output = new StreamWriter(Console.OpenStandardOutput(), new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        if (settings.Once is { } once)
        {
            return await OnceChat.Hold(session, once, output, Console.Error, cancellationToken);
        }

        if (!Console.IsInputRedirected && !Console.IsOutputRedirected)
        {
            using var editor = new MessageEditor(new TypedHistory(DataFolders.Default() is { } folder ? Path.Combine(settings.Machine?.DataFolder ?? folder, "chat-history") : null));
            return await new TerminalChat(session, new ChatCommands(session, fleet), editor, with).Hold(cancellationToken);
        }

        using var input = new StreamReader(Console.OpenStandardInput(), System.Text.Encoding.UTF8);
        return await PipedChat.Hold(session, input, output, Console.Error, cancellationToken);
    }
}

using System.CommandLine;
using HybridConversations.Cli.Chat;
using HybridConversations.Cli.Hosting;
using HybridConversations.Cli.Settings;
using HybridConversations.Client;

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
            return await Hold(settings, new HttpConversations(http), address.ToString(), cancellationToken);
        }

        var machine = settings.Machine!;
        using var loggers = LoggerFactory.Create(logging => Logs.Configure(logging, machine.Log ?? LogLevel.Warning));
        await using var host = await OneMachine.Start(machine with { WarmUp = false }, loggers, cancellationToken);
        var status = await host.Device.Status(cancellationToken);
        return await Hold(settings, host.Conversations, status.Model.Name, cancellationToken);
    }

    private static async Task<int> Hold(ChatSettings settings, IConversations conversations, string with, CancellationToken cancellationToken)
    {
        var session = new ChatSession(conversations, settings);
        await using var output = new StreamWriter(Console.OpenStandardOutput(), new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        if (settings.Once is { } once)
        {
            return await OnceChat.Hold(session, once, output, Console.Error, cancellationToken);
        }

        if (!Console.IsInputRedirected && !Console.IsOutputRedirected)
        {
            return await new TerminalChat(session, with).Hold(cancellationToken);
        }

        using var input = new StreamReader(Console.OpenStandardInput(), System.Text.Encoding.UTF8);
        return await PipedChat.Hold(session, input, output, Console.Error, cancellationToken);
    }
}

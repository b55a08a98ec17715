using System.Globalization;
using HybridConversations.Cli.Moving;
using HybridConversations.Cli.Terminal;
using Spectre.Console;

namespace HybridConversations.Cli.Chat;

/// <summary>What a line says that begins with a slash. A message that begins with one is said with two.</summary>
/// <param name="session">Whom the chat talks to.</param>
/// <param name="fleet">Who is there.</param>
internal sealed class ChatCommands(ChatSession session, Func<CancellationToken, ValueTask<FleetView>> fleet)
{
    private static readonly (string Name, string About)[] Known =
    [
        ("/new", "begin a new conversation"),
        ("/history", "what was said so far"),
        ("/system TEXT", "begin a new conversation with this system prompt"),
        ("/private [on|off]", "from now on nothing that is said leaves the house"),
        ("/think auto|local|cloud", "where it is answered from now on"),
        ("/retry", "say again what was said last"),
        ("/status", "the conversation, the devices, the cloud"),
        ("/model", "which models answer"),
        ("/export FILE", "write the conversation to a file (hc import reads it)"),
        ("/forget", "delete this conversation, everywhere"),
        ("/exit", "leave (also Ctrl-D, or Ctrl-C at an empty line)"),
        ("//TEXT", "say a text that begins with a slash"),
    ];

    private static readonly (string Name, string About)[] Keys =
    [
        ("Up, Down", "what was typed before"),
        ("Alt-Enter, Ctrl-J", "another line; a paste of several lines stays one message"),
        ("Ctrl-A, E, U, K, W", "begin, end, delete to the begin, to the end, a word"),
        ("Ctrl-C", "while a reply is being said: barge in; at a half-typed line: clear it"),
    ];

    /// <summary>Carries out a command.</summary>
    /// <returns>A reply to show; null for none.</returns>
    public async Task<IAsyncEnumerable<ReplyEvent>?> Run(string line, CancellationToken cancellationToken)
    {
        var (name, rest) = line.IndexOf(' ') is > 0 and var blank ? (line[..blank], line[blank..].Trim()) : (line, "");
        switch (name)
        {
            case "/help":
                Help();
                break;
            case "/new":
                session.BeginAnew();
                Say($"A new conversation: {session.ConversationId}");
                break;
            case "/history":
                if (!await new ChatHistory(session).Print(cancellationToken))
                {
                    Say($"Nothing was said yet.");
                }

                break;
            case "/system" when rest.Length > Limits.MaxSystemCharacters:
                Say($"A system prompt has at most {Limits.MaxSystemCharacters} characters.");
                break;
            case "/system" when rest.Length > 0:
                session.BeginAnew(rest);
                Say($"A new conversation with this system prompt: {session.ConversationId}");
                break;
            case "/system":
                Say($"{session.System ?? "The model's own system prompt."} (/system TEXT begins a new conversation with another)");
                break;
            case "/private" when rest is "" or "on" or "off":
                session.Private = rest.Length == 0 ? !session.Private : rest == "on";
                Say($"{(session.Private ? "Private: from now on nothing leaves the house." : "No longer private.")}");
                break;
            case "/think" when Enum.TryParse<ThinkMode>(rest, ignoreCase: true, out var mode) && !char.IsAsciiDigit(rest[0]):
                session.Think = mode;
                Say($"{(mode == ThinkMode.Auto ? "The router decides." : mode == ThinkMode.Local ? "On a device." : "In the cloud, where a turn may leave the house.")}");
                break;
            case "/retry":
                if (session.Retry(cancellationToken) is { } reply)
                {
                    return reply;
                }

                Say($"Nothing was said yet.");
                break;
            case "/status":
                await Status(cancellationToken);
                break;
            case "/model":
                await Models(rest, cancellationToken);
                break;
            case "/export" when rest.Length > 0:
                await Export(rest, cancellationToken);
                break;
            case "/forget":
                Say($"{(await session.Forget(cancellationToken) is { } deletion ? deletion.Owed.Count == 0 ? "Forgotten." : $"Forgotten; still owed by {string.Join(", ", deletion.Owed)}." : "There was nothing to forget.")} A new conversation: {session.ConversationId}");
                break;
            case "/private" or "/think" or "/export":
                Say($"{Known.First(known => known.Name.StartsWith(name, StringComparison.Ordinal)).Name}: {Known.First(known => known.Name.StartsWith(name, StringComparison.Ordinal)).About}");
                break;
            default:
                Say($"There is no {name}; /help tells what there is. To say it, write /{name}");
                break;
        }

        return null;
    }

    private static void Say(FormattableString text) => Terminals.Output.MarkupLineInterpolated($"[grey]{Printable.Of(text.ToString(CultureInfo.InvariantCulture))}[/]");

    private static void Help()
    {
        foreach (var (name, about) in (ReadOnlySpan<(string, string)>)[.. Known, .. Keys])
        {
            Console.Out.WriteLine($"{name,-24} {about}");
        }
    }

    private async Task Status(CancellationToken cancellationToken)
    {
        var page = await session.Read(0, cancellationToken);
        Say($"Conversation {session.ConversationId}: {page?.TurnCount ?? 0} turns{(page?.Kv is { } kv ? $", KV of {kv.Tokens} tokens on {kv.DeviceId}" : "")}; {(session.Private ? "private, " : "")}think {session.Think.ToString().ToLowerInvariant()}");
        var view = await fleet(cancellationToken);
        foreach (var device in view.Devices)
        {
            Say($"{device.DeviceId}: {device.State.ToString().ToLowerInvariant()}, {device.Model.Name}, {device.Load.Running} run and {device.Load.Waiting} wait, {device.Load.KvCellsUsed} of {device.Load.KvCells} KV cells");
        }

        foreach (var cloud in view.Escalations)
        {
            Say($"{cloud.Endpoint}: {(cloud.Available ? "available" : cloud.Reason)}, {cloud.SpentToday:0.####} spent today");
        }
    }

    private async Task Models(string wanted, CancellationToken cancellationToken)
    {
        foreach (var model in (await fleet(cancellationToken)).Devices.Select(device => device.Model).DistinctBy(model => model.Hash))
        {
            Say($"{model.Name}: {model.Description}");
        }

        if (wanted.Length > 0)
        {
            Say($"A device has one model, from its start on: hc chat --model {wanted} --conversation {session.ConversationId}");
        }
    }

    private async Task Export(string file, CancellationToken cancellationToken)
    {
        try
        {
            var path = Settings.Paths.Full(file);
            await using var output = new StreamWriter(path, append: false);
            var writer = new ExportWriter(output);
            await writer.Begin(cancellationToken);
            for (long? after = 0; after is { } from && await session.Read(from, cancellationToken) is { } page; after = page.Next)
            {
                await writer.Write(page, cancellationToken);
            }

            await writer.End(cancellationToken);
            Say($"{writer.Turns} turns are in {path}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Say($"{error.Message}");
        }
    }
}

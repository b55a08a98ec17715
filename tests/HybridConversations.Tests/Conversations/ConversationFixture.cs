using HybridConversations.Conversations;
using HybridConversations.Escalations;
using HybridConversations.InProcess;
using HybridConversations.Routing;
using HybridConversations.Storage;
using HybridConversations.Tests.Common;

namespace HybridConversations.Tests.Conversations;

/// <summary>A conversation over real SQLite and a scripted device.</summary>
public abstract class ConversationFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private SqliteConversationStore? _store;
    private FaultyLog? _log;
    private Conversation? _conversation;

    internal ManualTime Time { get; } = new();
    internal ScriptedDevice Device { get; } = new();
    internal ScriptedEscalation? Cloud { get; set; }

    /// <summary>In place of <see cref="Cloud"/>.</summary>
    internal ILocalEscalation? Endpoint { get; set; }
    internal IRouter Router { get; set; } = new LocalRouter();
    internal ConversationOptions Options { get; set; } = new();
    internal FaultyLog Log => _log ??= new FaultyLog(_store!.Open("c"));

    internal Conversation Conversation => _conversation ??= new Conversation("c", Log, new ConversationServices
    {
        Devices = new SingleDevicePicker(Device),
        Memories = new SingleDeviceMemory(Device),
        Router = Router,
        Escalations = (Endpoint ?? Cloud) is { } cloud ? new SingleEscalationPicker(cloud) : null,
        Options = Options,
        Time = Time,
    });

    public Task InitializeAsync()
    {
        _store = SqliteConversationStore.OpenFolder(new SqliteStoreOptions { Folder = _folder.Path }, Time);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _store!.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Closes the store, opens it again, and forgets all that was in memory.</summary>
    internal async Task Restart()
    {
        await _store!.DisposeAsync();
        await InitializeAsync();
        _log = null;
        _conversation = null;
    }

    internal static Turn Turn(string text, string? id = null, bool interrupt = false) => new() { TurnId = id ?? "t-" + text, Text = text, Interrupt = interrupt };

    /// <summary>Says something, lets the device answer, and returns all events.</summary>
    internal async Task<List<ReplyEvent>> Exchange(string text, params string[] pieces)
    {
        Device.Script = _ => pieces;
        var events = await Conversation.Say(Turn(text)).ToList();
        Device.Script = null;
        return events;
    }

    internal async Task<TurnRecord> Stored(string turnId) => (await Log.FindTurn(turnId))!;

    /// <summary>The messages that the device was shown last, as "role: content".</summary>
    internal IEnumerable<string> Shown() => Device.LastRequest!.Messages.Select(m => $"{m.Role}: {m.Content}");
}

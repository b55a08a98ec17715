using HybridConversations.Conversations;
using HybridConversations.Http.Hosting;
using HybridConversations.InProcess;
using HybridConversations.Storage;
using HybridConversations.Tests.Common.Scripted;

namespace HybridConversations.Tests.Common.Http;

/// <summary>A machine whose device a test writes, and its conversations: scripted ones, or real ones in a data folder.</summary>
public sealed class ScriptedMachine : IMachine, IFleet, IDeviceTruce
{
    private readonly SqliteConversationStore? _store;
    private readonly InProcessConversations? _stored;

    /// <param name="data">Where real conversations are stored; null for scripted ones.</param>
    public ScriptedMachine(string? data = null)
    {
        if (data is null)
        {
            return;
        }

        _store = SqliteConversationStore.OpenFolder(new SqliteStoreOptions { Folder = data });
        _stored = new InProcessConversations(_store, new ConversationServices { Devices = new SingleDevicePicker(Model), Memories = new SingleDeviceMemory(Model) });
    }

    public DateTimeOffset? HangingSince { get; set; }

    public ScriptedConversations Script { get; } = new();
    public ScriptedModelDevice Model { get; } = new();

    /// <summary>The devices that the fleet shows; null for the one that answers.</summary>
    public IReadOnlyList<DeviceStatus>? Devices { get; set; }

    public bool Disposed { get; private set; }

    /// <summary>In place of <see cref="Script"/>: real ones.</summary>
    public IConversations? Real { get; set; }
    public IConversations Conversations => Real ?? _stored ?? (IConversations)Script;
    public IDevice Device => Model;
    public IFleet Fleet => this;
    public IDeviceTruce Truce => this;

    /// <summary>How long devices were asked to hold back, in order.</summary>
    public IList<(string Device, TimeSpan Time)> Yields { get; } = [];

    public async ValueTask<FleetView> View(CancellationToken cancellationToken = default) =>
        new(Devices ?? [await Model.Status(cancellationToken)], [new EscalationStatus("cloud", false, "Its circuit is open.", 1.5m, 20m, 0)]);

    public Task Yield(string deviceId, TimeSpan time, CancellationToken cancellationToken = default)
    {
        if (deviceId != "scripted")
        {
            throw new ProblemException(ProblemCodes.Missing($"There is no device '{deviceId}'."));
        }

        Yields.Add((deviceId, time));
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        Disposed = true;
        if (_stored is not null)
        {
            await _stored.DisposeAsync();
            await _store!.DisposeAsync();
        }
    }
}

using HybridConversations.Http.Hosting;
using HybridConversations.Tests.Common.Scripted;

namespace HybridConversations.Tests.Common.Http;

/// <summary>A machine whose actors a test writes.</summary>
public sealed class ScriptedMachine : IMachine, IFleet
{
    public DateTimeOffset? HangingSince { get; set; }

    public ScriptedConversations Script { get; } = new();
    public ScriptedModelDevice Model { get; } = new();

    /// <summary>The devices that the fleet shows; null for the one that answers.</summary>
    public IReadOnlyList<DeviceStatus>? Devices { get; set; }

    public bool Disposed { get; private set; }

    /// <summary>In place of <see cref="Script"/>: real ones.</summary>
    public IConversations? Real { get; set; }
    public IConversations Conversations => Real ?? Script;
    public IDevice Device => Model;
    public IFleet Fleet => this;

    public async ValueTask<FleetView> View(CancellationToken cancellationToken = default) =>
        new(Devices ?? [await Model.Status(cancellationToken)], [new EscalationStatus("cloud", false, "Its circuit is open.", 1.5m, 20m, 0)]);

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }
}

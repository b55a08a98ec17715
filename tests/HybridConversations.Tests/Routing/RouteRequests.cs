using HybridConversations.Routing;

namespace HybridConversations.Tests.Routing;

/// <summary>Requests to a router, with a cloud that can be asked and an idle device unless a test says otherwise.</summary>
internal static class RouteRequests
{
    public static readonly EscalationStatus CloudReady = new("cloud", Available: true, Reason: null, SpentToday: 0, SpentThisMonth: 0, InFlight: 0);

    public static readonly DeviceStatus DeviceIdle = new()
    {
        DeviceId = "jetson-1",
        State = DeviceState.Ready,
        Model = new ModelStatus("llama-3.2-3b", "00", "test", 1, 8192),
        Load = new DeviceLoad(Running: 1, Waiting: 0, QueueLimit: 16, Sequences: 1, MaxSequences: 32, KvCellsUsed: 100, KvCells: 8192, PromptBacklogTokens: 0),
    };

    public static readonly DeviceStatus DeviceSaturated = DeviceIdle with { Load = DeviceIdle.Load with { Running = 8, Waiting = 12 } };

    /// <summary>Everyday by any measure.</summary>
    public const string Everyday = "what's the weather like tomorrow";

    /// <summary>Hard by any measure.</summary>
    public const string Hard = "um write me a python script that renames all my photos by the date they were taken";

    public static Turn Turn(string text) => new() { TurnId = "turn-1", Text = text };

    public static RouteRequest Of(string text, params RoutedTurn[] recent) => new() { Turn = Turn(text), Recent = recent, Device = DeviceIdle, Cloud = CloudReady };
}

using HybridConversations.Simulation.Devices;
using HybridConversations.Simulation.Planning;

namespace HybridConversations.Simulation.Fleet;

/// <summary>A fleet and the people who talk to it.</summary>
public sealed record FleetScenario
{
    public required DeviceShape Device { get; init; }

    /// <summary>Devices, 1 to 100,000.</summary>
    public required int Devices { get; init; }

    /// <summary>Further devices of other kinds, and how many of each.</summary>
    public IReadOnlyList<DeviceGroup> Others { get; init; } = [];

    /// <summary>Silos without a device, through which all turns come; 0: one for a hundred devices.</summary>
    public int Gateways { get; init; }

    /// <summary>Conversations that begin in the simulated time.</summary>
    public required int Conversations { get; init; }

    /// <summary>Simulated hours.</summary>
    public double Hours { get; init; } = 1;

    /// <summary>How the beginnings are spread over the time, in equal parts; one number: evenly.</summary>
    public IReadOnlyList<double> Arrivals { get; init; } = [1];

    /// <summary>Everything that is drawn follows from it.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Turns of a conversation, on average (at least one, then again and again with the same probability).</summary>
    public double Turns { get; init; } = 6;

    /// <summary>Tokens of a system prompt that all share.</summary>
    public int SystemTokens { get; init; } = 120;

    /// <summary>Tokens of what a person says, on average.</summary>
    public double SaidTokens { get; init; } = 20;

    /// <summary>Tokens of an answer, on average.</summary>
    public double AnswerTokens { get; init; } = 50;

    /// <summary>Tokens that a voice speaks a second: an answer is heard for so long.</summary>
    public double SpokenTokensPerSecond { get; init; } = 3.5;

    /// <summary>Seconds between an answer's end and the person's next words' end, on average.</summary>
    public double ThinkSeconds { get; init; } = 6;

    /// <summary>Answers that are interrupted.</summary>
    public double BargeIns { get; init; } = 0.1;

    /// <summary>Answers that call a tool first: 20 tokens, its result of 60 tokens, then the answer.</summary>
    public double Tools { get; init; } = 0.05;

    /// <summary>Milliseconds between two machines, there and back, on average.</summary>
    public double NetworkMs { get; init; } = 4;

    /// <summary>How much of what is said is hard.</summary>
    public double HardShare { get; init; } = 0.1;

    /// <summary>Is a cloud there?</summary>
    public bool Cloud { get; init; } = true;

    /// <summary>Devices that lose power.</summary>
    public double FailShare { get; init; }

    /// <summary>When, as a share of the simulated time.</summary>
    public double FailAt { get; init; } = 0.5;

    /// <summary>Seconds until they are back; a large number: never.</summary>
    public double FailSeconds { get; init; } = 1e9;

    /// <summary>Do turns go where their KV is?</summary>
    public bool Sticky { get; init; } = true;

    /// <summary>Devices that placement draws and compares.</summary>
    public int LookAt { get; init; } = HybridConversations.Fleet.PlacementOptions.DefaultLookAt;

    /// <summary>Do silos count what they have sent to devices whose reports cannot know it yet?</summary>
    public bool CountSent { get; init; } = true;

    /// <summary>What the cloud takes for a million tokens sent; a placeholder, to be replaced by the contract's.</summary>
    public double CloudInputPrice { get; init; } = new CloudUse().InputPrice;

    /// <summary>And for a million tokens got.</summary>
    public double CloudOutputPrice { get; init; } = new CloudUse().OutputPrice;

    /// <summary>Every device.</summary>
    internal IReadOnlyList<DeviceShape> Shapes =>
        [.. Enumerable.Repeat(Device, Math.Max(0, Devices)), .. Others.SelectMany(group => Enumerable.Repeat(group.Device, group.Count))];

    /// <summary>Seconds within which an answer, or its first 50 tokens, should be there.</summary>
    public double BudgetSeconds { get; init; } = 2;
}

namespace HybridConversations.Simulation.Planning;

/// <summary>What is asked of a device, and what else lives on it.</summary>
public sealed record PlanOptions
{
    /// <summary>Who computes, e.g. <c>llama.cpp</c>.</summary>
    public string Engine { get; init; } = "llama.cpp";

    /// <summary>Seconds within which a spoken answer should be whole.</summary>
    public double BudgetSeconds { get; init; } = 2;

    /// <summary>Tokens of a spoken answer.</summary>
    public int AnswerTokens { get; init; } = 50;

    /// <summary>Tokens that a turn adds to what the device holds already.</summary>
    public int TurnTokens { get; init; } = 30;

    /// <summary>Tokens that a conversation holds, about.</summary>
    public int ContextTokens { get; init; } = 1000;

    /// <summary>Milliseconds for the network and for deciding where a turn is answered.</summary>
    public double OverheadMs { get; init; } = 50;

    /// <summary>Seconds from the end of an answer to the end of the person's next words.</summary>
    public double PauseSeconds { get; init; } = 12;

    /// <summary>Memory for the system and everything else on the device, GiB.</summary>
    public double ReservedGib { get; init; } = 3;

    /// <summary>Bytes of a number in the KV memory: 2, or 1.0625 for Q8_0.</summary>
    public double KvBytesPerNumber { get; init; } = 2;

    /// <summary>Host memory for parked conversations, GiB.</summary>
    public double ParkedGib { get; init; } = 1;

    /// <summary>Disk for snapshots, GiB.</summary>
    public double SnapshotGib { get; init; } = 4;

    public CloudUse Cloud { get; init; } = new();
}

/// <summary>What goes to the cloud, and what it takes for it.</summary>
public sealed record CloudUse
{
    /// <summary>How much of the traffic is hard, 0 to 1.</summary>
    public double HardShare { get; init; } = 0.1;

    /// <summary>The router's threshold.</summary>
    public double Threshold { get; init; } = Routing.RouterOptions.DefaultThreshold;

    /// <summary>Tokens that a call sends.</summary>
    public int PromptTokens { get; init; } = 800;

    /// <summary>Tokens that a call gets.</summary>
    public int AnswerTokens { get; init; } = 300;

    /// <summary>Price of a million tokens sent; an assumption, to be replaced by the contract's.</summary>
    public double InputPrice { get; init; } = 0.15;

    /// <summary>Price of a million tokens got.</summary>
    public double OutputPrice { get; init; } = 0.6;
}

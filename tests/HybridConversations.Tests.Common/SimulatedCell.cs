namespace HybridConversations.Tests.Common;

/// <summary>A KV cell of <see cref="SimulatedBackend"/>.</summary>
public sealed class SimulatedCell
{
    public required int Token { get; init; }

    /// <summary>Where it lies now.</summary>
    public required int Position { get; set; }

    /// <summary>What it was computed to be: depends on everything that was in view then.</summary>
    public required uint Value { get; init; }

    /// <summary>Which of the tokens 128 to 255 were in view when it was computed or when anything that it saw was, one bit each: a test gives each conversation one of its own.</summary>
    public required UInt128 View { get; init; }

    internal int Owners { get; set; }

    internal SimulatedCell Copy() => new() { Token = Token, Position = Position, Value = Value, View = View };
}

using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Templates;

namespace HybridConversations.Tests.Common;

/// <summary>Size, speed and replies of a <see cref="SimulatedBackend"/>.</summary>
public sealed record SimulatedBackendOptions
{
    public int Cells { get; init; } = 4096;
    public int MaxSequences { get; init; } = 16;
    public int BatchSize { get; init; } = 256;
    public int MicroBatchSize { get; init; } = 64;
    public int TrainedContext { get; init; } = 4096;
    public bool CanShift { get; init; } = true;

    /// <summary>A sequence has a running state beside its cells, as recurrent models do: without one it cannot be gone on from, and one of other tokens throws.</summary>
    public bool HasRunningState { get; init; }

    /// <summary>States that are saved keep <see cref="SimulatedCell.View"/> too, at 16 bytes a token.</summary>
    public bool KeepsViews { get; init; }

    /// <summary>The model's chat template.</summary>
    public ChatTemplate Template { get; init; } = ChatTemplate.ChatMl;

    /// <summary>Called with the cost of every decode, e.g. to advance a fake clock. Null: decoding takes no time.</summary>
    public Action<TimeSpan>? Spend { get; init; }

    /// <summary>Cost of a decode; by default 10 ms and 1 ms a row. Only used with <see cref="Spend"/>.</summary>
    public Func<TokenBatch, TimeSpan> Cost { get; init; } = batch => TimeSpan.FromMilliseconds(10 + batch.Count);

    /// <summary>
    /// The next token by the tokens that the sequence holds, oldest first, for scripted replies. Null, or null as the answer: <see cref="SimulatedModel.Next(ulong)"/>.
    /// </summary>
    public Func<IReadOnlyList<int>, int?>? Next { get; init; }
}

using System.Text;
using HybridConversations.Storage;

namespace HybridConversations.Conversations;

/// <summary>What is known of a turn while it is being answered. Written by the answer, read by whoever ends the turn, never both at once.</summary>
internal sealed class TurnProgress(Turn turn, TimeProvider time)
{
    private readonly StringBuilder _delivered = new();
    private readonly long _accepted = time.GetTimestamp();

    public Turn Turn { get; } = turn;
    public DateTimeOffset AcceptedAt { get; } = time.GetUtcNow();

    /// <summary>The turn and the head as they were before it ran.</summary>
    public TurnRecord? Stored { get; set; }
    public ConversationHead? Head { get; set; }

    /// <summary>True once <see cref="Stored"/> is durable.</summary>
    public bool OnRecord { get; set; }

    /// <summary>Sequence of the earlier attempt whose place this turn takes; 0 for none.</summary>
    public long Replaces { get; set; }

    public RouteDecision? Route { get; set; }
    public string? AnsweredBy { get; set; }
    public FinishReason? FinishReason { get; set; }
    public TokenUsage? Usage { get; set; }
    public double QueuedMs { get; set; }

    /// <summary>Why the reply broke off in the middle; null when it did not.</summary>
    public Problem? CutBy { get; set; }
    public KvReference? Kv { get; set; }

    /// <summary>The last turn that the device left out of the prompt; 0 when none.</summary>
    public long LastDropped { get; set; }

    public double ElapsedMs => time.GetElapsedTime(_accepted).TotalMilliseconds;
    public double FirstTokenMs { get; private set; }
    public int Pieces { get; private set; }

    /// <summary>The pieces that the reader has taken, joined.</summary>
    public string Delivered => _delivered.ToString();

    /// <summary>Milliseconds until the turn's deadline, at least 1; null when it has none.</summary>
    public int? RemainingMs => Turn.DeadlineMs is { } deadline ? Math.Max(1, deadline - (int)ElapsedMs) : null;

    public void Deliver(string piece)
    {
        if (Pieces++ == 0)
        {
            FirstTokenMs = ElapsedMs;
        }

        _delivered.Append(piece);
    }
}

using System.Diagnostics;
using System.Text;
using HybridConversations.Routing;
using HybridConversations.Storage;

namespace HybridConversations.Conversations;

/// <summary>What is known of a turn while it is being answered. Written by the answer, read by whoever ends the turn, never both at once.</summary>
internal sealed class TurnProgress(Turn turn, TimeProvider time)
{
    /// <summary>Characters of a thought that are kept.</summary>
    private const int MaxThought = 100_000;

    private readonly StringBuilder _delivered = new();
    private readonly StringBuilder _thought = new();
    private readonly List<ToolCall> _calls = [];
    private readonly long _accepted = time.GetTimestamp();

    public Turn Turn { get; } = turn;

    /// <summary>The turn in a trace; null while nobody traces.</summary>
    public Activity? Span { get; } = TurnTelemetry.Begin(turn);
    /// <summary>Where spans below the turn belong.</summary>
    public string? TraceParent => Span?.Id ?? Turn.TraceParent;

    public DateTimeOffset AcceptedAt { get; } = time.GetUtcNow();

    /// <summary>The turn and the head as they were before it ran.</summary>
    public TurnRecord? Stored { get; set; }
    public ConversationHead? Head { get; set; }

    /// <summary>True once <see cref="Stored"/> is durable.</summary>
    public bool OnRecord { get; set; }

    /// <summary>Sequence of the earlier attempt whose place this turn takes; 0 for none.</summary>
    public long Replaces { get; set; }

    /// <summary>The calls that its results answer.</summary>
    public AnsweredCalls Answered { get; set; } = AnsweredCalls.None;

    /// <summary>What spoken wishes say of it.</summary>
    public SpokenPrivacy Privacy { get; set; } = SpokenPrivacy.Open;

    /// <summary>The reply is made with private turns in view, and the turn itself is not private.</summary>
    public bool PrivateReply { get; set; }

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

    /// <summary>The calls that the reader has taken.</summary>
    public IReadOnlyList<ToolCall> Calls => _calls;

    /// <summary>What the model has thought so far; null when nothing.</summary>
    public string? Thought => _thought.Length == 0 ? null : _thought.ToString();

    /// <summary>Milliseconds until the turn's deadline, at least 1; null when it has none.</summary>
    public int? RemainingMs => Turn.DeadlineMs is { } deadline ? Math.Max(1, deadline - (int)ElapsedMs) : null;

    public void Think(string piece) => _thought.Append(piece, 0, Math.Min(piece.Length, MaxThought - _thought.Length));

    public void Deliver(ToolCall call) => _calls.Add(call);

    public void Deliver(string piece)
    {
        if (Pieces++ == 0)
        {
            FirstTokenMs = ElapsedMs;
        }

        _delivered.Append(piece);
    }
}

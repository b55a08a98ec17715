using HybridConversations.Inference.Scheduling;

namespace HybridConversations.Inference.Engine;

/// <summary>Requests that wait for admission, taken in the planner's order. Bounded by whoever adds.</summary>
internal sealed class WaitingQueue
{
    private readonly List<Sequence> _waiting = [];

    public int Count => _waiting.Count;
    public IReadOnlyList<Sequence> All => _waiting;

    public void Add(Sequence sequence) => _waiting.Add(sequence);

    public void Remove(Sequence sequence) => _waiting.Remove(sequence);

    /// <summary>Who is next; null when nobody waits.</summary>
    public Sequence? Next(Func<Sequence, SequenceView> view, SchedulerOptions options)
    {
        Sequence? best = null;
        SequenceView bestView = default;
        foreach (var sequence in _waiting)
        {
            var candidate = view(sequence);
            if (best is null || BatchPlanner.Before(candidate, bestView, options))
            {
                (best, bestView) = (sequence, candidate);
            }
        }

        return best;
    }
}

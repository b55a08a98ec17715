namespace HybridConversations.Inference.Scheduling;

/// <summary>What the planner knows of one running sequence.</summary>
/// <param name="Pending">Tokens known and not yet computed: 1 for a sequence that decodes, more for one whose prompt is being read, 0 for one whose KV is still coming back.</param>
/// <param name="Class">Who comes first.</param>
/// <param name="WaitedMs">Milliseconds since it was accepted.</param>
/// <param name="UnservedMs">Milliseconds since it was accepted or last got on: what lifts it, so that nothing starves and a long prompt that is being read lifts itself past nobody.</param>
/// <param name="DeadlineInMs">Milliseconds until its deadline; <see cref="double.PositiveInfinity"/> for none.</param>
internal readonly record struct SequenceView(int Pending, ServiceClass Class, double WaitedMs, double UnservedMs, double DeadlineInMs)
{
    public bool Decodes => Pending == 1;
}

/// <summary>Order of service; what is read ahead of a turn is done only with what nobody else needs.</summary>
internal enum ServiceClass
{
    ReadAhead,
    Background,
    Interactive,
    Voice,
}

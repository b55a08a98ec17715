namespace HybridConversations.Inference.Scheduling;

/// <summary>
/// Plans a step: one row for each sequence that decodes, then prompt chunks within what is left of the step's time.
/// A pure function of its arguments.
/// </summary>
internal static class BatchPlanner
{
    /// <param name="views">The running sequences.</param>
    /// <param name="cost">What a step is expected to cost.</param>
    /// <param name="options">Targets.</param>
    /// <param name="batchSize">Rows at most.</param>
    /// <param name="plan">Receives the plan.</param>
    public static void Plan(ReadOnlySpan<SequenceView> views, StepCostModel cost, SchedulerOptions options, int batchSize, BatchPlan plan)
    {
        plan.Reset(views.Length);
        Span<int> order = stackalloc int[views.Length];
        Sort(views, options, order);

        var talking = ServiceClass.ReadAhead;
        var urgent = false;
        foreach (var i in order)
        {
            if (!views[i].Decodes)
            {
                urgent |= views[i].Pending > 0 && views[i].Class > ServiceClass.ReadAhead;
            }
            else if (plan.DecodeRows < batchSize && views[i].Class > ServiceClass.ReadAhead)
            {
                plan.Rows[i] = 1;
                plan.DecodeRows++;
                talking = (ServiceClass)Math.Max((int)talking, (int)views[i].Class);
            }
        }

        // A reply that is begun ahead takes a row only where nobody's prompt waits for the time.
        foreach (var i in order)
        {
            if (!urgent && views[i] is { Decodes: true, Class: ServiceClass.ReadAhead } && plan.DecodeRows < batchSize)
            {
                plan.Rows[i] = 1;
                plan.DecodeRows++;
            }
        }

        var room = batchSize - plan.DecodeRows;
        foreach (var i in order)
        {
            if (views[i].Pending <= 1)
            {
                continue;
            }

            var left = Math.Min(room, BudgetTokens(views[i], talking, plan, cost, options)) - plan.PrefillTokens;
            if (left <= 0)
            {
                break;
            }

            var rows = Math.Min(views[i].Pending, left);
            plan.Rows[i] = rows;
            plan.PrefillTokens += rows;
        }
    }

    /// <summary>Target between two tokens of a reply while prompts are read.</summary>
    public static double GapMs(StepCostModel cost, SchedulerOptions options, int decodeRows) =>
        options.TargetGapMs > 0 ? options.TargetGapMs : Math.Clamp(2 * cost.StepMs(decodeRows, 0), 40, 250);

    /// <summary>Position in the order of service: class lifted by waiting, but never above voice and never for guesses.</summary>
    public static double Rank(in SequenceView view, SchedulerOptions options) =>
        view.Class == ServiceClass.ReadAhead ? 0 : Math.Min((double)ServiceClass.Voice, (double)view.Class + Math.Floor(view.UnservedMs / options.AgingMs));

    private static int BudgetTokens(in SequenceView head, ServiceClass talking, BatchPlan plan, StepCostModel cost, SchedulerOptions options)
    {
        // Whoever waits for a first token may slow those of a lower class down, never those of its own or a higher one.
        var keepsGap = plan.DecodeRows > 0 && talking >= head.Class;
        var budgetMs = keepsGap ? GapMs(cost, options, plan.DecodeRows) : options.MaxStepMs;
        var tokens = (budgetMs - cost.StepMs(plan.DecodeRows, 0)) / cost.PrefillTokenMs;
        return (int)Math.Clamp(tokens, options.MinPrefillChunk, int.MaxValue / 2);
    }

    /// <summary>Insertion sort: few entries, nearly sorted, no allocation. Order: rank, deadline, age.</summary>
    private static void Sort(ReadOnlySpan<SequenceView> views, SchedulerOptions options, Span<int> order)
    {
        for (var i = 0; i < views.Length; i++)
        {
            var at = i;
            while (at > 0 && Before(views[i], views[order[at - 1]], options))
            {
                order[at] = order[at - 1];
                at--;
            }

            order[at] = i;
        }
    }

    public static bool Before(in SequenceView a, in SequenceView b, SchedulerOptions options)
    {
        var (rankA, rankB) = (Rank(a, options), Rank(b, options));
        return rankA > rankB
            || (rankA == rankB && (a.DeadlineInMs < b.DeadlineInMs || (a.DeadlineInMs == b.DeadlineInMs && a.WaitedMs > b.WaitedMs)));
    }
}

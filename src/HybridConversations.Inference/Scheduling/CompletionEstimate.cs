namespace HybridConversations.Inference.Scheduling;

/// <summary>When would a new request be done? A pure function, for early refusal and for choosing between devices.</summary>
internal static class CompletionEstimate
{
    /// <summary>Tokens of a spoken answer: what a reply is expected to have where its limit is higher.</summary>
    public const int TypicalReplyTokens = 50;

    /// <summary>Steps seen before the cost model is believed enough to refuse anybody.</summary>
    public const int StepsUntilBelieved = 20;

    /// <param name="request">The new one; its <see cref="SequenceView.Pending"/> counts what is not in the KV memory.</param>
    /// <param name="replyTokens">Its token limit.</param>
    /// <param name="others">Everyone who runs or waits.</param>
    /// <param name="cost">What a step costs.</param>
    /// <param name="options">Order of service.</param>
    /// <returns>Milliseconds from now until its reply is whole: what is read before it, its own prompt, then a step for each token.</returns>
    public static double Milliseconds(in SequenceView request, int replyTokens, ReadOnlySpan<SequenceView> others, StepCostModel cost, SchedulerOptions options)
    {
        var before = 0L;
        var rows = 1;
        foreach (var other in others)
        {
            if (other.Class == ServiceClass.ReadAhead)
            {
                continue;
            }

            rows = Math.Min(rows + 1, options.MaxRunning);
            if (!BatchPlanner.Before(request, other, options))
            {
                before += other.Pending;
            }
        }

        var steps = Math.Min(replyTokens, TypicalReplyTokens);
        return ((before + request.Pending) * cost.PrefillTokenMs) + (steps * cost.StepMs(rows, 0));
    }
}

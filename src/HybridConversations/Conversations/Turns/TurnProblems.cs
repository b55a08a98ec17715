namespace HybridConversations.Conversations;

/// <summary>The problems that only a conversation has.</summary>
internal static class TurnProblems
{
    /// <summary>Any exception as what a caller may see: a problem as it is, else a reference to the log.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="reference">Short id under which to log <paramref name="error"/>; null when it was a problem already.</param>
    public static Problem From(Exception error, out string? reference)
    {
        if (error is ProblemException known)
        {
            reference = null;
            return known.Problem;
        }

        reference = Guid.NewGuid().ToString("N")[..8];
        return new Problem(
            ProblemCodes.Internal, 500,
            $"An error inside ended the turn; the log has it under reference {reference}. Send the same turn again.", Retryable: true);
    }

    /// <summary>What the reader of a stopped turn is told; null where the stop is a regular end of the reply.</summary>
    public static Problem? Of(StopRequest stop, string turnId, string conversationId) => stop.Reason switch
    {
        StopReason.SlowReader => new Problem(
            ProblemCodes.SlowReader, 408,
            $"Nobody took the reply of turn '{turnId}' for too long, and another turn came. Send the same turn again.", Retryable: true),
        StopReason.Stopping => ProblemCodes.Ending(5000),
        StopReason.Deleted => ProblemCodes.Missing($"Conversation '{conversationId}' was deleted while turn '{turnId}' was being answered."),
        _ => null,
    };

    /// <summary>The reply that a reader had joined ended together with those who had asked for it.</summary>
    public static Problem GivenUp(string turnId) => new(
        ProblemCodes.SlowReader, 408,
        $"Whoever said turn '{turnId}' before left in the moment in which it was sent again. Send the same turn once more: it is answered anew.", Retryable: true);

    public static Problem NoCloud() => new(ProblemCodes.CloudFailed, 502, "No cloud endpoint is configured.");

    public static Problem EmptyCloudReply(string? endpoint) => new(
        ProblemCodes.CloudFailed, 502,
        $"{endpoint ?? "The cloud endpoint"} sent an empty reply. Send the same turn again, or allow fallback to the device.", Retryable: true);

    public static Problem CloudCut(string? endpoint, string? note) => new(
        ProblemCodes.CloudFailed, 502, $"{endpoint ?? "The cloud endpoint"} ended its reply early. {note}".TrimEnd());

    public static Problem DeviceStopped(string deviceId) => new(
        ProblemCodes.DeviceLost, 503, $"Device '{deviceId}' ended the reply early. Send the same turn again.", Retryable: true);

    public static Problem StoreTooSlow(TimeSpan limit) => ProblemCodes.Unstored(
        $"A write took longer than {limit.TotalSeconds:0} s. Check the load and the health of the disk, then send the same turn again.", retryAfterMs: 5000);
}

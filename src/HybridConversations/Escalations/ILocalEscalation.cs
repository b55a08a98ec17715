namespace HybridConversations.Escalations;

/// <summary>An escalation of this process: how it is doing can be seen without waiting.</summary>
public interface ILocalEscalation : IEscalation
{
    /// <summary>How the endpoint is doing, as far as is known here.</summary>
    EscalationOutlook Outlook { get; }

    /// <summary>Looks up what has been spent: until now another process may have asked the endpoint.</summary>
    /// <exception cref="ProblemException">The ledger cannot be read.</exception>
    ValueTask Recall(CancellationToken cancellationToken = default);
}

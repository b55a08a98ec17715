using Orleans.CodeGeneration;

namespace HybridConversations.Orleans.Contracts;

/// <summary>A cloud endpoint, by its name in the settings: one rate limit, one circuit breaker and one budget for the whole fleet.</summary>
[Alias("hc.escalation")]
[Version(1)]
public interface IEscalationGrain : IGrainWithStringKey, IEscalation;

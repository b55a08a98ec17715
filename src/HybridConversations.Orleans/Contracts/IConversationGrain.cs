using Orleans.CodeGeneration;

namespace HybridConversations.Orleans.Contracts;

/// <summary>A conversation of the fleet, by its id. Apps use <c>OrleansConversations</c>, which also says what to do when a silo is lost.</summary>
[Alias("hc.conversation")]
[Version(1)]
public interface IConversationGrain : IGrainWithStringKey, IRecordedConversation
{
    /// <summary>Forgets the conversation where no turn runs and nobody has used it since <paramref name="before"/>. Null when it was kept.</summary>
    [Alias("forget-unused")]
    Task<Deletion?> ForgetUnused(DateTimeOffset before);
}

using Orleans.CodeGeneration;

namespace HybridConversations.Orleans.Contracts;

/// <summary>A conversation of the fleet, by its id. Apps use <c>OrleansConversations</c>, which also says what to do when a silo is lost.</summary>
[Alias("hc.conversation")]
[Version(1)]
public interface IConversationGrain : IGrainWithStringKey, IConversation;

namespace HybridConversations.Orleans.Contracts;

/// <summary>A conversation together with its record, on whatever way it is reached.</summary>
public interface IRecordedConversation : IConversation, IConversationRecord;

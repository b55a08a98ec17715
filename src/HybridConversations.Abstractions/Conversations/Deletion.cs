namespace HybridConversations;

/// <summary>What was done to forget a conversation, and what is still owed.</summary>
/// <param name="Forgotten">Devices that held something of it (KV states, snapshots, drafts) and have forgotten it.</param>
/// <param name="Owed">Devices that held something of it and did not answer: each is told as soon as it is back, until it has forgotten.</param>
public sealed record Deletion(IReadOnlyList<string> Forgotten, IReadOnlyList<string> Owed);

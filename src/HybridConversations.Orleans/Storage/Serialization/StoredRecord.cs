using System.Text.Json.Serialization;

namespace HybridConversations.Orleans.Storage.Serialization;

/// <summary>A record that is read, changed (<c>with</c>) and written whole, perhaps by an older release than the one that wrote it.</summary>
internal abstract record StoredRecord
{
    /// <summary>What a later release has written into it and this one does not know; null for nothing.</summary>
    [JsonIgnore]
    public LaterMembers? Later { get; init; }
}

using System.Collections.Concurrent;

namespace HybridConversations.Tests.Common.Scripted;

/// <summary>Conversations whose replies a test writes; everything asked of them is recorded.</summary>
public sealed class ScriptedConversations : IConversations
{
    private readonly ConcurrentDictionary<string, ScriptedConversation> _conversations = new();

    /// <summary>What every conversation says to a turn; by default the turn's text, word by word.</summary>
    public Func<Turn, CancellationToken, IAsyncEnumerable<ReplyEvent>> Reply { get; set; } = ScriptedConversation.Echo;

    /// <summary>The page that <see cref="List"/> returns.</summary>
    public ConversationList Page { get; set; } = new([], null);

    public (string? Cursor, int Limit) Listed { get; private set; }

    public ScriptedConversation this[string id] => _conversations.GetOrAdd(id, key => new ScriptedConversation(key, this));

    public IConversation Get(string conversationId) => this[conversationId];

    public Task<ConversationList> List(string? cursor, int limit, CancellationToken cancellationToken = default)
    {
        Listed = (cursor, limit);
        return Task.FromResult(Page);
    }
}

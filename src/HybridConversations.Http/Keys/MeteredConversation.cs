using System.Runtime.CompilerServices;

namespace HybridConversations.Http.Keys;

/// <summary>A conversation whose tokens are counted for a tenant that may use so many a minute.</summary>
/// <param name="conversations">All conversations.</param>
/// <param name="id">Its stored id.</param>
/// <param name="tenant">Who uses them.</param>
/// <param name="rates">Where they are counted.</param>
internal sealed class MeteredConversation(IConversations conversations, string id, string tenant, TokenRates rates) : IConversation, IConversationRecord
{
    private readonly IConversation _conversation = conversations.Get(id);

    public async IAsyncEnumerable<ReplyEvent> Say(Turn turn, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (rates.Refusal(tenant) is { } refusal)
        {
            yield return new ReplyFailed(turn.TurnId, refusal);
            yield break;
        }

        long used = 0;
        try
        {
            await foreach (var e in _conversation.Say(turn, cancellationToken))
            {
                // A piece is a token at least; the end says how many there were, and a reply that is only told again costs nothing.
                used = e switch
                {
                    ReplyCompleted { Replayed: true } => 0,
                    ReplyCompleted completed => completed.Usage.PromptTokens + completed.Usage.CompletionTokens,
                    ReplyText or ReplyReasoning => used + 1,
                    _ => used,
                };
                yield return e;
            }
        }
        finally
        {
            rates.Use(tenant, used);
        }
    }

    public Task Listen(SpokenDraft draft, CancellationToken cancellationToken = default) =>
        rates.Refusal(tenant) is { } refusal ? throw new ProblemException(refusal) : _conversation.Listen(draft, cancellationToken);

    public Task<InterruptResult> Interrupt(string? heard, CancellationToken cancellationToken = default) => _conversation.Interrupt(heard, cancellationToken);

    public Task<InterruptResult> InterruptTurn(string turnId, string? heard, CancellationToken cancellationToken = default) => _conversation.InterruptTurn(turnId, heard, cancellationToken);

    public Task<ConversationPage?> Read(long after, int limit, CancellationToken cancellationToken = default) => _conversation.Read(after, limit, cancellationToken);

    public Task<Deletion?> Forget(CancellationToken cancellationToken = default) => _conversation.Forget(cancellationToken);

    public Task<bool> Delete(CancellationToken cancellationToken = default) => _conversation.Delete(cancellationToken);

    public Task<TurnRecord?> Find(string turnId, CancellationToken cancellationToken = default) => conversations.Record(id).Find(turnId, cancellationToken);

    public Task<bool> Change(ConversationChange change, CancellationToken cancellationToken = default) => conversations.Record(id).Change(change, cancellationToken);
}

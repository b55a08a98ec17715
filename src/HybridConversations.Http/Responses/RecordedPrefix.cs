using HybridConversations.Http.Items;

namespace HybridConversations.Http.Responses;

/// <summary>The turns of a conversation up to one of them: as many as its model may see.</summary>
/// <param name="System">The conversation's system prompt.</param>
/// <param name="BegunAt">When it began.</param>
/// <param name="Turns">Oldest first.</param>
internal sealed record RecordedPrefix(string? System, DateTimeOffset? BegunAt, IReadOnlyList<TurnRecord> Turns)
{
    /// <exception cref="ProblemException"><c>previous_response_not_found</c>, or <c>turn-in-progress</c>: that turn is still being answered.</exception>
    public static async Task<RecordedPrefix> UpTo(IConversations conversations, ResponseId id, CancellationToken cancellationToken)
    {
        var last = await conversations.Find(id, cancellationToken) ?? throw new ProblemException(ResponseProblems.PreviousNotFound(id.ToString()));
        if (last.State == TurnState.Running)
        {
            throw new ProblemException(ResponseProblems.PreviousRuns(id));
        }

        var page = await conversations.Get(id.ConversationId).Read(Math.Max(0, last.Sequence - Limits.MaxPage), Limits.MaxPage, cancellationToken)
            ?? throw new ProblemException(ResponseProblems.PreviousNotFound(id.ToString()));
        return new RecordedPrefix(page.System, page.BegunAt, [.. page.Turns.Where(turn => turn.Sequence <= last.Sequence && !turn.IsErased)]);
    }

    /// <summary>What was said in them, as a model reads it.</summary>
    public IEnumerable<ChatMessage> Messages(string conversationId) => Turns
        .Where(turn => turn.State is TurnState.Completed or TurnState.Interrupted)
        .SelectMany(turn => RecordedItem.Of(conversationId, turn)).Where(item => item.IsPrompt).Select(item => item.Message);
}

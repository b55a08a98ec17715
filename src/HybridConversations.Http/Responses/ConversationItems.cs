using System.Text.Json.Nodes;
using HybridConversations.Conversations;
using HybridConversations.Http.Items;

namespace HybridConversations.Http.Responses;

/// <summary>The items of a conversation, page by page. A page reads as many turns as it shows, however long the conversation.</summary>
internal static class ConversationItems
{
    private const int Step = 50;

    /// <exception cref="ProblemException"><c>not-found</c>: no such conversation, or no such item to begin behind.</exception>
    public static async Task<JsonObject> Page(IConversations conversations, string id, ItemPage page, CancellationToken cancellationToken)
    {
        var conversation = Conversation.CheckId(id) is null ? conversations.Get(id) : throw new ProblemException(ResponseProblems.NoConversation(id));
        var head = await conversation.Read(long.MaxValue, 1, cancellationToken) ?? throw new ProblemException(ResponseProblems.NoConversation(id));
        var begin = page.After is null ? null : await Find(conversations, id, page.After, cancellationToken);
        var items = new List<RecordedItem>();
        var skip = page.After;
        if (page.Descending)
        {
            for (var to = begin?.Sequence ?? head.LastSequence; to > 0 && items.Count <= page.Limit; to -= Step)
            {
                var turns = await Turns(conversation, Math.Max(0, to - Step), cancellationToken);
                Add(turns.Where(turn => turn.Sequence <= to).SelectMany(turn => RecordedItem.Of(id, turn)).Reverse());
            }
        }
        else
        {
            for (long? after = (begin?.Sequence ?? 1) - 1; after is { } from && items.Count <= page.Limit;)
            {
                var turns = await Turns(conversation, from, cancellationToken);
                Add(turns.SelectMany(turn => RecordedItem.Of(id, turn)));
                after = turns.Count < Step ? null : turns[^1].Sequence;
            }
        }

        return ItemPage.List([.. items.Take(page.Limit).Select(item => item.Document)], items.Count > page.Limit);

        void Add(IEnumerable<RecordedItem> more)
        {
            var list = more.ToList();
            if (skip is not null && list.FindIndex(item => (string?)item.Document["id"] == skip) is >= 0 and var at)
            {
                list.RemoveRange(0, at + 1);
                skip = null;
            }

            items.AddRange(list);
        }
    }

    private static async Task<IReadOnlyList<TurnRecord>> Turns(IConversation conversation, long after, CancellationToken cancellationToken) =>
        (await conversation.Read(after, Step, cancellationToken))?.Turns ?? [];

    private static async Task<TurnRecord> Find(IConversations conversations, string id, string itemId, CancellationToken cancellationToken) =>
        ItemId.TryParse(itemId, out var known) && known.Response.ConversationId == id && await conversations.Record(id).Find(known.Response.TurnId, cancellationToken) is { } turn
            ? turn
            : throw new ProblemException(ResponseProblems.NoItem(itemId));
}

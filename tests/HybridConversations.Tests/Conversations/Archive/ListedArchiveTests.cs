using HybridConversations.Conversations.Archive;

namespace HybridConversations.Tests.Conversations.Archive;

public sealed class ListedArchiveTests
{
    private static readonly DateTimeOffset Then = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);
    private int _read;

    [Fact]
    public async Task Words_are_found_in_titles_and_deep_in_histories()
    {
        var archive = Archive(300, i => i == 250 ? "the needle" : "hay");
        Assert.Equal(["c250"], await All(archive, new ConversationQuery { Words = "NEEDLE" }));
        Assert.Equal(["c7"], await All(archive, new ConversationQuery { Words = "title 7." }));
        Assert.Empty(await All(archive, new ConversationQuery { Words = "nowhere" }));
    }

    [Fact]
    public async Task A_request_looks_into_a_bounded_number_and_the_next_one_goes_on()
    {
        var archive = Archive(5000, i => i == 4999 ? "the needle" : "hay");
        var first = await archive.Find(new ConversationQuery { Words = "needle" }, null, 50);
        Assert.Empty(first.Conversations);
        Assert.NotNull(first.Next);
        Assert.InRange(_read, 1, ListedArchive.MaxRead + 50);
        Assert.Equal(["c4999"], await All(archive, new ConversationQuery { Words = "needle" }));
    }

    [Fact]
    public async Task Pages_never_have_more_than_their_limit_and_nothing_twice()
    {
        var archive = Archive(1000, _ => "hay");
        var query = new ConversationQuery { AnsweredBy = "d1" };
        for (string? cursor = null; ;)
        {
            var page = await archive.Find(query, cursor, 7);
            Assert.InRange(page.Conversations.Count, 0, 7);
            if ((cursor = page.Next) is null)
            {
                break;
            }
        }

        Assert.Equal(Enumerable.Range(0, 1000).Where(i => i % 3 == 1).Select(i => $"c{i}"), await All(archive, query));
        Assert.Equal(0, _read);
    }

    [Fact]
    public async Task What_is_older_than_asked_for_is_not_listed()
    {
        var archive = Archive(1000, _ => "hay");
        Assert.Equal(["c0", "c1", "c2"], await All(archive, new ConversationQuery { Since = Then.AddMinutes(-2) }));
        Assert.Equal("c990", (await All(archive, new ConversationQuery { Until = Then.AddMinutes(-989) }))[0]);
    }

    private ListedArchive Archive(int count, Func<int, string> reply) => new(
        (cursor, limit, _) =>
        {
            var from = cursor is null ? 0 : int.Parse(cursor, System.Globalization.CultureInfo.InvariantCulture);
            var lines = Enumerable.Range(from, Math.Min(limit, count - from)).Select(i => new ConversationSummary($"c{i}", 1, Then.AddMinutes(-i)) { Title = $"Title {i}.", AnsweredBy = $"d{i % 3}" });
            return Task.FromResult(new ConversationList([.. lines], from + limit < count ? $"{from + limit}" : null));
        },
        (id, after, _, _) =>
        {
            Interlocked.Add(ref _read, after == 0 ? 1 : 0);
            var i = int.Parse(id.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
            TurnRecord Turn(long sequence) => new() { Sequence = sequence, TurnId = $"{sequence}", User = "u", Reply = sequence == 2 ? reply(i) : "", State = TurnState.Completed, StartedAt = Then };
            return Task.FromResult<ConversationPage?>(new ConversationPage(id, null, [Turn(after + 1)], after == 0 ? 1 : null));
        });

    private static async Task<List<string>> All(ListedArchive archive, ConversationQuery query)
    {
        var ids = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = await archive.Find(query, cursor, 50);
            ids.AddRange(page.Conversations.Select(line => line.Id));
            if ((cursor = page.Next) is null)
            {
                return ids;
            }
        }
    }
}

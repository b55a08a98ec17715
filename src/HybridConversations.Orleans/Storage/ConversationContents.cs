using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using HybridConversations.Orleans.Storage.Serialization;

namespace HybridConversations.Orleans.Storage;

/// <summary>
/// Which page holds a turn, for all pages of a conversation, in memory: 8 bytes for each turn. Read once for an activation; a conversation of a thousand turns
/// needs one read of 8 KB, and a turn id that is new (nearly all are) needs no read at all.
/// </summary>
internal sealed class ConversationContents
{
    private readonly List<PageContents> _pages;
    private readonly Dictionary<ulong, int> _pageOf = [];

    private LaterMembers? _lastLater;

    private ConversationContents(List<PageContents> pages, Stored<ContentsRecord>? last)
    {
        _pages = pages;
        LastTag = last?.Tag;
        _lastLater = last?.Record.Later;
        for (var page = 0; page < pages.Count; page++)
        {
            Learn(page);
        }
    }

    public int Pages => _pages.Count;

    /// <summary>Tag of the record that the next page's contents go into; null when it is not there yet.</summary>
    public string? LastTag { get; private set; }

    public static async Task<ConversationContents> Load(RecordStore store, int pages)
    {
        var records = (pages + ContentsRecord.PagesEach - 1) / ContentsRecord.PagesEach;
        var read = await Task.WhenAll(Enumerable.Range(0, records).Select(number => store.Read<ContentsRecord>(RecordStore.Contents(number))));
        var all = new List<PageContents>(pages);
        foreach (var record in read)
        {
            RecordSchema.Check(record.Record.Schema, "A conversation's table of contents");
            all.AddRange(record.Record.Pages);
        }

        if (all.Count < pages)
        {
            throw new ProblemException(ProblemCodes.Unstored(
                $"A conversation has {pages} pages and its table of contents only {all.Count}: Redis has lost data. Restore it from its append-only file or a backup."));
        }

        // More than the head knows: left by a silo that died before it had written the head.
        all.RemoveRange(pages, all.Count - pages);
        return new ConversationContents(all, pages % ContentsRecord.PagesEach == 0 ? null : read[^1]);
    }

    public static PageContents Of(IReadOnlyList<TurnRecord> turns)
    {
        var ids = new byte[turns.Count * sizeof(ulong)];
        for (var i = 0; i < turns.Count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(ids.AsSpan(i * sizeof(ulong)), Hash(turns[i].TurnId));
        }

        return new PageContents(turns[0].Sequence, turns[^1].Sequence, ids);
    }

    /// <summary>Number and content of the record that the next page belongs to.</summary>
    public (int Number, ContentsRecord Record) Next(PageContents page)
    {
        var number = _pages.Count / ContentsRecord.PagesEach;
        return (number, new ContentsRecord { Pages = [.. _pages.Skip(number * ContentsRecord.PagesEach), page], Later = _lastLater });
    }

    public void Add(PageContents page, string? tag)
    {
        _pages.Add(page);
        Learn(_pages.Count - 1);
        (LastTag, _lastLater) = _pages.Count % ContentsRecord.PagesEach == 0 ? (null, null) : (tag, _lastLater);
    }

    /// <summary>The page that holds the turn of this id, if any does; −1 when none does for certain.</summary>
    public int PageOf(string turnId) => _pageOf.TryGetValue(Hash(turnId), out var page) ? page : -1;

    /// <summary>The page that holds the turn of this sequence; −1 when none does.</summary>
    public int PageOf(long sequence)
    {
        var page = FirstAfter(sequence - 1);
        return page < _pages.Count && _pages[page].First <= sequence ? page : -1;
    }

    /// <summary>The first page with turns behind this sequence; the number of pages when none has.</summary>
    public int FirstAfter(long sequence)
    {
        var (low, high) = (0, _pages.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _pages[middle].Last > sequence ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private static ulong Hash(string turnId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(turnId), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    private void Learn(int page)
    {
        for (var ids = _pages[page].Ids.AsSpan(); ids.Length >= sizeof(ulong); ids = ids[sizeof(ulong)..])
        {
            _pageOf[BinaryPrimitives.ReadUInt64LittleEndian(ids)] = page;
        }
    }
}

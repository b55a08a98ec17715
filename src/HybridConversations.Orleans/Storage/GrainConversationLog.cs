using HybridConversations.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace HybridConversations.Orleans.Storage;

/// <summary>
/// A conversation's log in grain storage. One small record (<see cref="ConversationRecord"/>) is written with every turn, so a turn costs the same whatever
/// the length of the history, and a turn is there whole or not at all. When the record is full its turns are sealed into a page first: page, then contents,
/// then the head that no longer has them; a silo that dies in between leaves the turns in the head, and whoever seals next writes the same page again.
/// </summary>
/// <param name="id">The conversation.</param>
/// <param name="store">Its states.</param>
/// <param name="index">The list it is in.</param>
/// <param name="logger">For what need not fail a turn.</param>
/// <param name="onOutOfDate">Told when somebody else has written: this activation must not go on.</param>
/// <param name="readOnly">Finishes nothing that another silo has left.</param>
#pragma warning disable CA1001
internal sealed partial class GrainConversationLog(string id, RecordStore store, IConversationIndex index, ILogger logger, Action onOutOfDate, bool readOnly = false) : IConversationLog
#pragma warning restore CA1001
{
    /// <summary>Turns in the head at most.</summary>
    public const int TailTurns = 16;

    /// <summary>Characters in the head that are enough to seal a page.</summary>
    public const int TailCharacters = 64 * 1024;

    // Never disposed: it holds nothing as long as nobody asks for its wait handle.
    private readonly SemaphoreSlim _writing = new(1);
    private Stored<ConversationRecord>? _head;
    private ConversationContents? _contents;
    private long _cleaned;

    /// <summary>Where the KV state is, as far as this activation knows.</summary>
    public KvReference? Kv => _head?.Record.Head?.Kv;

    public async Task<ConversationHead?> ReadHead(CancellationToken cancellationToken = default)
    {
        var record = await Load();
        return record.Exists ? record.Head : null;
    }

    public async Task<IReadOnlyList<TurnRecord>> ReadTurns(long after, int limit, CancellationToken cancellationToken = default)
    {
        var record = await Load();
        var turns = new List<TurnRecord>();
        if (!record.Exists)
        {
            return turns;
        }

        if (record.Pages > 0 && (record.Tail.Count == 0 || after < record.Tail[0].Sequence - 1))
        {
            var contents = await Contents(record);
            for (var page = contents.FirstAfter(after); page < record.Pages && turns.Count < limit; page++)
            {
                turns.AddRange((await ReadPage(page)).Where(turn => turn.Sequence > after && !record.Removed.Contains(turn.Sequence)));
            }
        }

        turns.AddRange(record.Tail.Where(turn => turn.Sequence > after));
        return turns.Count > limit ? turns[..limit] : turns;
    }

    public async Task<TurnRecord?> FindTurn(string turnId, CancellationToken cancellationToken = default)
    {
        var record = await Load();
        if (!record.Exists)
        {
            return null;
        }

        if (record.Tail.LastOrDefault(turn => turn.TurnId == turnId) is { } newest)
        {
            return newest;
        }

        if (record.Pages == 0 || (await Contents(record)).PageOf(turnId) is not (>= 0 and var page))
        {
            return null;
        }

        return (await ReadPage(page)).LastOrDefault(turn => turn.TurnId == turnId && !record.Removed.Contains(turn.Sequence));
    }

    public Task Append(TurnRecord turn, ConversationHead head, CancellationToken cancellationToken = default) => Exclusively(async () =>
    {
        await Load();
        await SealIfFull();
        var record = _head!.Record;
        var removed = record.Exists ? (await FindTurn(turn.TurnId, CancellationToken.None))?.Sequence : null;
        var inTail = record.Tail.Any(t => t.Sequence == removed);
        await WriteHead(record with
        {
            Head = head,
            Tail = [.. record.Tail.Where(t => t.Sequence != removed), turn],
            Removed = [.. record.Removed.Where(sequence => sequence != _cleaned), .. removed is { } gone && !inTail ? (long[])[gone] : []],
        });
        if (removed is { } old && !inTail)
        {
            await Clean(old);
        }
    });

    public Task Update(TurnRecord turn, ConversationHead head, CancellationToken cancellationToken = default) => Exclusively(async () =>
    {
        var record = await Load();
        if (!record.Exists || record.Tail.All(t => t.Sequence != turn.Sequence))
        {
            throw OutOfDate($"Turn {turn.Sequence} of conversation '{id}' is no longer among its newest", null);
        }

        await WriteHead(record with { Head = head, Tail = [.. record.Tail.Select(t => t.Sequence == turn.Sequence ? turn : t)] });
    });

    public Task Erase(TurnRecord turn, ConversationHead head, CancellationToken cancellationToken = default) => Exclusively(async () =>
    {
        var record = await Load();
        var isNew = record.Tail.Any(t => t.Sequence == turn.Sequence);
        if (!record.Exists || (!isNew && !await UpdatePage(record, turn)))
        {
            throw OutOfDate($"Turn {turn.Sequence} of conversation '{id}' is not where it was", null);
        }

        await WriteHead(record with { Head = head, Tail = isNew ? [.. record.Tail.Select(t => t.Sequence == turn.Sequence ? turn : t)] : record.Tail });
    });

    public Task WriteHead(ConversationHead head, CancellationToken cancellationToken = default) => Exclusively(async () =>
    {
        var record = await Load();
        await WriteHead(record with { Head = head });
    });

    public Task Begin(IReadOnlyList<TurnRecord> turns, ConversationHead head, CancellationToken cancellationToken = default) => Exclusively(async () =>
    {
        // Its pages first, and what makes it exist last: a silo that dies in between leaves no conversation, and whoever begins it again clears what it left.
        if (await Load() is { Exists: false, Pages: > 0 } left)
        {
            await FinishDeletion(left.Pages);
            await Load();
        }

        var sealedTurns = Math.Max(0, turns.Count - 1) / TailTurns * TailTurns;
        foreach (var page in turns.Take(sealedTurns).Chunk(TailTurns))
        {
            _head = _head! with { Record = _head.Record with { Tail = page } };
            await SealTail();
        }

        await WriteHead(_head!.Record with { Head = head, Tail = [.. turns.Skip(sealedTurns)] });
    });

    public async Task<bool> Delete(CancellationToken cancellationToken = default)
    {
        var existed = false;
        await Exclusively(async () =>
        {
            var record = await Load();
            existed = record.Exists;
            if (existed)
            {
                await WriteHead(new ConversationRecord { Deleted = true, Pages = record.Pages });
                await FinishDeletion(record.Pages);
            }
        });
        return existed;
    }

    private static long Characters(TurnRecord turn) => (long)turn.User.Length + turn.Reply.Length + (turn.Reasoning?.Length ?? 0)
        + (turn.ToolCalls?.Sum(call => (long)call.Arguments.Length) ?? 0) + (turn.ToolResults?.Sum(result => (long)result.Content.Length) ?? 0);

    private async Task<ConversationRecord> Load()
    {
        if (_head is { } known)
        {
            return known.Record;
        }

        var read = await store.Read<ConversationRecord>(RecordStore.Head);
        RecordSchema.Check(read.Record.Schema, $"Conversation '{id}'");
        if (_head is { } meanwhile)
        {
            return meanwhile.Record;
        }

        _head = read;
        if (read.Record.Deleted && !readOnly)
        {
            await FinishDeletion(read.Record.Pages);
        }

        return _head?.Record ?? new ConversationRecord();
    }

    private async Task<ConversationContents> Contents(ConversationRecord record)
    {
        if (_contents is { } known && known.Pages >= record.Pages)
        {
            return known;
        }

        var loaded = await ConversationContents.Load(store, record.Pages);
        return _contents is { } meanwhile && meanwhile.Pages >= record.Pages ? meanwhile : _contents = loaded;
    }

    private async Task<IReadOnlyList<TurnRecord>> ReadPage(int number)
    {
        var page = await store.Read<TurnPage>(RecordStore.Page(number));
        RecordSchema.Check(page.Record.Schema, $"Page {number} of conversation '{id}'");
        return page.Record.Turns;
    }

    private async Task SealIfFull()
    {
        var record = _head!.Record;
        if (record.Tail.Count < TailTurns && (record.Tail.Count == 0 || record.Tail.Sum(Characters) < TailCharacters))
        {
            return;
        }

        await SealTail();
    }

    private async Task SealTail()
    {
        var record = _head!.Record;
        var contents = await Contents(record);
        var page = ConversationContents.Of(record.Tail);
        var (number, table) = contents.Next(page);
        await Seal(RecordStore.Page(record.Pages), new TurnPage { Turns = record.Tail, Later = record.Later?.Of("tail", "turns") }, null);
        var written = await Seal(RecordStore.Contents(number), table, contents.LastTag);
        await WriteHead(record with { Tail = [], Pages = record.Pages + 1 });
        contents.Add(page, written.Tag);
    }

    /// <summary>Writes what a silo may have written before it died. When it is there already, this activation must be the one that the head belongs to.</summary>
    private async Task<Stored<T>> Seal<T>(string name, T record, string? tag)
        where T : class, new()
    {
        try
        {
            return await store.Write(name, record, tag);
        }
        catch (InconsistentStateException)
        {
            var there = await store.Read<T>(name);
            var head = await store.Read<ConversationRecord>(RecordStore.Head);
            if (head.Tag != _head!.Tag)
            {
                throw;
            }

            return await store.Write(name, record, there.Tag);
        }
    }

    /// <summary>Changes a turn that is no longer among the newest. False where no page has it, or another silo has written the conversation since.</summary>
    private async Task<bool> UpdatePage(ConversationRecord record, TurnRecord turn)
    {
        if (record.Pages == 0 || record.Removed.Contains(turn.Sequence) || (await Contents(record)).PageOf(turn.Sequence) is not (>= 0 and var number)
            || (await store.Read<ConversationRecord>(RecordStore.Head)).Tag != _head!.Tag)
        {
            return false;
        }

        var page = await store.Read<TurnPage>(RecordStore.Page(number));
        await store.Write(RecordStore.Page(number), page.Record with { Turns = [.. page.Record.Turns.Select(t => t.Sequence == turn.Sequence ? turn : t)] }, page.Tag);
        return true;
    }

    private async Task WriteHead(ConversationRecord record)
    {
        var first = record is { Pages: 0, Tail: [var turn, ..] } ? turn.User : null;
        var listed = record.Head is { } head && !record.Deleted
            ? List(ConversationSummary.Of(head.Id, head.Turns, head.UpdatedAt, first, record.Tail is [.., var newest] ? newest : null))
            : Task.CompletedTask;
        _head = await store.Write(RecordStore.Head, record with { Schema = RecordSchema.Current }, _head!.Tag);
        await listed;
    }

    private async Task List(ConversationSummary summary)
    {
        try
        {
            await index.Touch(summary);
        }
        catch (Exception error)
        {
            LogNotListed(error, id); // its next turn lists it
        }
    }

    /// <summary>Takes a turn that was sent again out of its page; until that is done the head says that it is gone.</summary>
    private async Task Clean(long sequence)
    {
        try
        {
            if (_contents?.PageOf(sequence) is not (>= 0 and var number))
            {
                return;
            }

            var page = await store.Read<TurnPage>(RecordStore.Page(number));
            await store.Write(RecordStore.Page(number), page.Record with { Turns = [.. page.Record.Turns.Where(turn => turn.Sequence != sequence)] }, page.Tag);
            _cleaned = sequence;
        }
        catch (Exception error)
        {
            LogNotCleaned(error, id, sequence);
        }
    }

    private async Task FinishDeletion(int pages)
    {
        // A page more than the head knows may have been left by a silo that died.
        for (var number = 0; number <= pages; number++)
        {
            await store.Clear<TurnPage>(RecordStore.Page(number));
        }

        for (var number = 0; number <= pages / ContentsRecord.PagesEach; number++)
        {
            await store.Clear<ContentsRecord>(RecordStore.Contents(number));
        }

        await index.Remove(id);
        await store.Clear<ConversationRecord>(RecordStore.Head);
        (_head, _contents, _cleaned) = (null, null, 0);
    }

    /// <summary>One write at a time; after one that failed, nothing that is in memory counts.</summary>
    private async Task Exclusively(Func<Task> write)
    {
        await _writing.WaitAsync(CancellationToken.None);
        try
        {
            await write();
        }
        catch (InconsistentStateException error)
        {
            (_head, _contents, _cleaned) = (null, null, 0);
            throw OutOfDate($"Conversation '{id}' was written by another silo", error);
        }
        catch
        {
            (_head, _contents, _cleaned) = (null, null, 0);
            throw;
        }
        finally
        {
            _writing.Release();
        }
    }

    private ProblemException OutOfDate(string what, Exception? error)
    {
        onOutOfDate();
        return new ProblemException(
            ProblemCodes.Unstored($"{what}. Send the same request again.", retryAfterMs: 500), error);
    }

    [LoggerMessage(300, LogLevel.Warning, "Conversation {Conversation} could not be put into the list")]
    private partial void LogNotListed(Exception error, string conversation);

    [LoggerMessage(301, LogLevel.Warning, "Conversation {Conversation}: turn {Sequence} was sent again and still lies in its old page, unseen")]
    private partial void LogNotCleaned(Exception error, string conversation, long sequence);
}

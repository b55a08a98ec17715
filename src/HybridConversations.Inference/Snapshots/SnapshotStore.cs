using System.Text;
using HybridConversations.Inference.KvBlocks;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.Snapshots;

/// <summary>
/// KV states on disk (<see cref="SnapshotFolder"/>). Everything is verified before use, what does not verify is set aside, the total is bounded, other models' states included.
/// Losing any of it costs time, never content. Thread-safe; one writer task.
/// </summary>
internal sealed partial class SnapshotStore : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private readonly SnapshotFolder _folder;
    private readonly OtherLayouts _others;
    private readonly long _limit;
    private readonly ILogger _logger;
    private readonly PrefixUses _uses = new();
    private readonly SnapshotWork _work;
    private readonly DiskRoom _room;
    private readonly TimeProvider _time;
    private HostMemory? _memory;

    /// <summary>Timestamp of the last failure to write; 0 when there was none. Not a time of day: clocks are set while a device runs.</summary>
    private long _failedAt;

    public SnapshotStore(string folder, string layoutKey, long limitBytes, ILogger logger, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _logger = logger;
        _folder = new SnapshotFolder(folder, SnapshotFormat.LayoutHash(layoutKey), LogSetAside);
        _limit = limitBytes;
        _room = new DiskRoom(_folder.Blocks);
        _folder.ReadAll();
        ReadUses();
        Directory.SetLastWriteTimeUtc(_folder.Root, _time.GetUtcNow().UtcDateTime);
        _others = new OtherLayouts(Path.GetDirectoryName(_folder.Root)!, _folder.Root, LogSetAside, LogNotRead);
        _work = new SnapshotWork(WriteUses, Refused);
    }

    /// <summary>Null where none are wanted, and where the disk does not let us: a cache never prevents a start.</summary>
    public static SnapshotStore? TryOpen(string? folder, string layoutKey, long limitBytes, ILogger logger, TimeProvider time)
    {
        if (folder is null)
        {
            return null;
        }

        try
        {
            return new SnapshotStore(folder, layoutKey, limitBytes, logger, time);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogNone(logger, error, folder);
            return null;
        }
    }

    public SnapshotIndex Index => _folder.Index;

    /// <summary>False for a minute after the disk refused to be written to.</summary>
    public bool Accepts => Volatile.Read(ref _failedAt) is var failed && (failed == 0 || _time.GetElapsedTime(failed) >= Pause);

    /// <summary>Pieces of work that the writer has not done yet.</summary>
    public int Pending => _work.Pending;

    /// <summary>Takes memory from there from now on, and says, on any thread, when there is room again after <see cref="HasRoom"/> said no.</summary>
    public void Use(HostMemory memory, Action progress) => (_memory, _work.OnRoom) = (memory, progress);

    /// <summary>Is a block on disk, or about to be?</summary>
    public bool HasBlock(KvBlockId id) => Index.HasBlock(id);

    /// <summary>Bytes of memory that a block on disk needs; null when it is not there.</summary>
    public int? StateBytes(KvBlockId id) => Index.BlockBytes(id) is { } bytes ? (int)Math.Max(0, bytes - SnapshotFormat.BlockHeader - SnapshotFormat.HashBytes) : null;

    /// <summary>May another block be queued? Where not, <see cref="Use"/>'s callback says when it is worth asking again.</summary>
    public bool HasRoom() => _work.HasRoom();

    /// <summary>Queues a block of a state that is being saved; its reference passes to the store.</summary>
    public void Write(string key, KvBlock block) => _work.Queue(() => WriteBlock(key, block), block.Release);

    /// <summary>Queues the end of a state all of whose blocks were queued, or were there.</summary>
    public void Write(string key, SnapshotState state) => _work.Queue(() => WriteManifest(key, state));

    /// <summary>A state will not be whole: what was written of it alone is deleted.</summary>
    public void Abandon(string key) => _work.Queue(() => _folder.Delete(Index.Abandon(key)));

    /// <summary>Counts that a conversation began with a shared beginning, and keeps it from being the oldest. Returns how often that was so.</summary>
    public long CountUse(string prefixKey)
    {
        Index.Touch(prefixKey);
        return _uses.Count(prefixKey);
    }

    /// <summary>The shared beginnings on disk, most used first.</summary>
    public IReadOnlyList<string> MostUsed() => _uses.Order(Index.Newest().Where(PrefixKey.Is));

    /// <summary>Forgets a conversation's state, of every layout, what was set aside with it.</summary>
    /// <returns>Completes when its files are deleted.</returns>
    /// <exception cref="ProblemException"><c>storage-failed</c>: they could not be.</exception>
    public Task Forget(string key)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _work.TryQueue(Do) ? done.Task : AfterTheLast();

        void Do()
        {
            try
            {
                Erase(key);
                done.TrySetResult();
            }
            catch (Exception error)
            {
                done.TrySetException(error);
            }
        }

        async Task AfterTheLast()
        {
            await _work.Ended;
            Erase(key);
        }
    }

    /// <summary>Completes when everything queued so far is on disk.</summary>
    public async Task Flush()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Queue(() => { }, () => done.TrySetResult());
        await done.Task;
    }

    /// <summary>
    /// What the disk has of a prompt's KV: this conversation's own state, the beginning of <paramref name="shared"/> tokens, or blocks of others (of which nothing goes on from without their
    /// running state, where <paramref name="hasState"/>); no file is read.
    /// </summary>
    public SnapshotMatch Find(string? key, int shared, ReadOnlySpan<int> prompt, bool hasState = false)
    {
        SnapshotMatch best = default;
        Consider(key, prompt);
        if (shared > 0 && shared <= prompt.Length)
        {
            Consider(PrefixKey.Of(prompt[..shared]), prompt);
        }

        if (hasState)
        {
            return best;
        }

        var whole = 0;
        for (KvBlockId id = default; whole + KvBlockId.BlockTokens <= prompt.Length; whole += KvBlockId.BlockTokens)
        {
            id = KvBlockId.Next(id, prompt.Slice(whole, KvBlockId.BlockTokens));
            if (!Index.HasBlock(id))
            {
                break;
            }
        }

        return whole > best.Length ? new SnapshotMatch(new SnapshotState(prompt[..whole].ToArray(), KvLineage.Clean, []), whole) : best;

        void Consider(string? candidate, ReadOnlySpan<int> wanted)
        {
            if (candidate is not null && Index.State(candidate) is { } state && state.Reach(state.Tokens.AsSpan().CommonPrefixLength(wanted)) is var reach && reach > best.Length)
            {
                best = new SnapshotMatch(state, reach);
            }
        }
    }

    /// <summary>Reads a conversation's whole state, for as far as it verifies and there is memory; null when there is nothing. It is not used by that.</summary>
    public KvImage? Load(string key)
    {
        if (_memory is null || Index.State(key) is not { } state)
        {
            return null;
        }

        var ids = KvBlockId.Chain(state.Tokens, state.Lineage);
        var blocks = new List<KvBlock>();
        for (var i = 0; i < ids.Length && StateBytes(ids[i]) is { } bytes && _memory.TryRent(bytes) is { } buffer; i++)
        {
            var from = i * KvBlockId.BlockTokens;
            if (ReadBlock(ids[i], from, state.Tokens[from..Math.Min(state.Tokens.Length, from + KvBlockId.BlockTokens)], buffer) is not { } block)
            {
                break;
            }

            blocks.Add(block);
        }

        var length = blocks.Count == 0 ? 0 : blocks[^1].To;
        var checkpoints = new List<KvBlock>();
        foreach (var at in state.Checkpoints.Where(at => at <= length))
        {
            var id = KvBlockId.Checkpoint(state.Tokens.AsSpan(0, at));
            if (StateBytes(id) is { } bytes && _memory.TryRent(bytes) is { } buffer && ReadBlock(id, at, [], buffer) is { } checkpoint)
            {
                checkpoints.Add(checkpoint);
            }
        }

        var image = new KvImage(key, state.Tokens[..length], state.Lineage.Of(length), [.. blocks], [.. checkpoints]) { FromDisk = true };
        if (length > 0 && (state.Checkpoints.Length == 0 || checkpoints.Count > 0))
        {
            return image;
        }

        image.Dispose();
        return null;
    }

    /// <summary>Reads a block into a buffer of <see cref="StateBytes"/>, which belongs to the block then. Null, and the buffer is given back, when it cannot be read or does not verify.</summary>
    public KvBlock? ReadBlock(KvBlockId id, int from, int[] tokens, byte[] buffer)
    {
        var path = _folder.BlockPath(id);
        try
        {
            if (Snapshots.SetAside.IsFile(path))
            {
                using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
                var (header, checksum) = (new byte[SnapshotFormat.BlockHeader], new byte[SnapshotFormat.HashBytes]);
                if (RandomAccess.GetLength(file) == header.Length + buffer.Length + checksum.Length && IsRead(file, header, 0) && IsRead(file, buffer, header.Length)
                    && IsRead(file, checksum, header.Length + buffer.Length)
                    && SnapshotFormat.IsBlock(header, buffer, checksum, _folder.Layout, id, from, from + tokens.Length))
                {
                    return new KvBlock(id, from, tokens, buffer, buffer.Length, _memory!);
                }
            }

            _folder.SetAside(path);
            foreach (var (key, freed) in Index.Lose(id))
            {
                _folder.Delete(key, freed);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogNotRead(error, path);
        }

        _memory!.Return(buffer);
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _work.DisposeAsync();
        WriteUses();
    }

    private static bool IsRead(Microsoft.Win32.SafeHandles.SafeFileHandle file, byte[] buffer, long at)
    {
        var read = 0;
        for (int got; read < buffer.Length && (got = RandomAccess.Read(file, buffer.AsSpan(read), at + read)) > 0;)
        {
            read += got;
        }

        return read == buffer.Length;
    }

    private void Refused(Exception error)
    {
        Volatile.Write(ref _failedAt, Math.Max(1, _time.GetTimestamp()));
        LogNotWritten(error, _folder.Blocks);
    }

    private void WriteBlock(string key, KvBlock block)
    {
        if (Index.BlockBytes(block.Id) is { } known)
        {
            Index.Saved(key, block.Id, known);
            return;
        }

        if (!Accepts)
        {
            return;
        }

        MakeRoom(block.Length);
        var path = _folder.BlockPath(block.Id);
        SnapshotFolder.WriteWhole(path, stream => SnapshotFormat.WriteBlock(stream, _folder.Layout, block));
        Index.Saved(key, block.Id, SnapshotFormat.BlockHeader + block.Length + SnapshotFormat.HashBytes);
    }

    private void WriteManifest(string key, SnapshotState state)
    {
        var uses = new List<(KvBlockId, long)>();
        foreach (var id in state.Parts())
        {
            if (Index.BlockBytes(id) is not { } bytes)
            {
                _folder.Delete(Index.Abandon(key));
                return; // a block was not written, set aside or removed meanwhile; the next save writes it again
            }

            uses.Add((id, bytes));
        }

        MakeRoom(4L * state.Tokens.Length);
        var manifest = SnapshotFormat.Manifest(_folder.Layout, key, state);
        SnapshotFolder.WriteWhole(_folder.ManifestPath(key), stream => stream.Write(manifest));
        _folder.Delete(Index.Put(key, state, uses));
        while (Index.Bytes + _others.Bytes > _limit && (_others.RemoveOldest() || _folder.RemoveOldest(_limit)))
        {
        }
    }

    private void Erase(string key)
    {
        try
        {
            _folder.Erase(key);
            _others.Erase(key);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(
                ProblemCodes.Unstored(
                    $"KV snapshots of the conversation could not be deleted under {_folder.Root}: {error.Message} Let this process write there, then send the same request again.",
                    retryAfterMs: 2000),
                error);
        }
    }

    /// <summary>The database on the same disk must never be refused a turn for a cache: the oldest states go, and where that is not enough nothing is written.</summary>
    private void MakeRoom(long bytes)
    {
        while (!_room.IsThere(bytes))
        {
            if (!_others.RemoveOldest() && !_folder.RemoveOldest(-1))
            {
                throw new IOException($"Less than {_room.Reserve >> 20} MiB would be left on the disk; they are kept for the conversations themselves.");
            }
        }
    }

    private void ReadUses()
    {
        try
        {
            if (Snapshots.SetAside.IsFile(_folder.UsesFile))
            {
                _uses.Read(File.ReadAllText(_folder.UsesFile));
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogNotRead(error, _folder.UsesFile);
        }
    }

    /// <summary>Few and small, so they are written with every state: a process that is killed knows them again.</summary>
    private void WriteUses()
    {
        if (!_uses.Changed)
        {
            return;
        }

        try
        {
            var text = Encoding.UTF8.GetBytes(_uses.Text());
            SnapshotFolder.WriteWhole(_folder.UsesFile, stream => stream.Write(text));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogNotWritten(error, _folder.UsesFile);
        }
    }

    [LoggerMessage(20, LogLevel.Warning, "KV snapshots cannot be written under {Folder}; none will be for a minute. Conversations go on and will be read again after a restart.")]
    private partial void LogNotWritten(Exception error, string folder);

    [LoggerMessage(23, LogLevel.Warning, "KV snapshots cannot be kept under {Folder}, so there are none. Conversations go on and will be read again after a restart.")]
    private static partial void LogNone(ILogger logger, Exception error, string folder);

    [LoggerMessage(21, LogLevel.Warning, "A KV snapshot cannot be read: {Path}. The history is read again instead.")]
    private partial void LogNotRead(Exception error, string path);

    [LoggerMessage(22, LogLevel.Warning, "What lies at {Path} is no whole KV snapshot; it is set aside. The history is read again instead.")]
    private partial void LogSetAside(string path);
}

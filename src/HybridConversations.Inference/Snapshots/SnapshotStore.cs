using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using HybridConversations.Inference.KvCache;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.Snapshots;

/// <summary>
/// KV states on disk: <c>LAYOUT/blocks/ID.kv</c>, shared between conversations, and <c>LAYOUT/conversations/HASH.manifest</c>. Files appear whole or not at all (temporary name, then rename),
/// everything is verified before use, what does not verify is set aside, the total is bounded. Losing any of it costs time, never content. Thread-safe; one writer task.
/// </summary>
internal sealed partial class SnapshotStore : IAsyncDisposable
{
    private const int MaxSetAside = 16;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private readonly string _blocks;
    private readonly string _manifests;
    private readonly string _setAside;
    private readonly byte[] _layout;
    private readonly long _limit;
    private readonly ILogger _logger;
    private readonly SnapshotIndex _index = new();
    private readonly PrefixUses _uses = new();
    private readonly string _usesFile;
    private readonly Channel<Action> _work = Channel.CreateBounded<Action>(64);
    private readonly Task _writer;
    private readonly DiskRoom _room;
    private readonly TimeProvider _time;

    /// <summary>Timestamp of the last failure to write; 0 when there was none. Not a time of day: clocks are set while a device runs.</summary>
    private long _failedAt;

    public SnapshotStore(string folder, string layoutKey, long limitBytes, ILogger logger, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _layout = SnapshotFormat.LayoutHash(layoutKey);
        var root = Path.Combine(folder, Convert.ToHexStringLower(_layout));
        _blocks = Directory.CreateDirectory(Path.Combine(root, "blocks")).FullName;
        _manifests = Directory.CreateDirectory(Path.Combine(root, "conversations")).FullName;
        _setAside = Path.Combine(root, "set-aside");
        _usesFile = Path.Combine(root, "prefix-uses.txt");
        _limit = limitBytes;
        _room = new DiskRoom(_blocks);
        _logger = logger;
        RemoveOtherLayouts(folder, root);
        ReadAll();
        _writer = Task.Run(WriteAll);
    }

    public SnapshotIndex Index => _index;

    /// <summary>True when another state may be queued for writing: the queue has room and the disk has not just refused.</summary>
    public bool Accepts => _work.Reader.Count < 32 && (Volatile.Read(ref _failedAt) is var failed && (failed == 0 || _time.GetElapsedTime(failed) >= Pause));

    /// <summary>Queues a state whose missing blocks are given; the image's references pass to the store. False (and disposed) when the queue is full.</summary>
    public bool TryWrite(string key, int[] tokens, KvImage newBlocks)
    {
        if (_work.Writer.TryWrite(() => Write(key, tokens, newBlocks)))
        {
            return true;
        }

        newBlocks.Dispose();
        return false;
    }

    /// <summary>Counts that a conversation began with a shared beginning, and keeps it from being the oldest. Returns how often that was so.</summary>
    public long CountUse(string prefixKey)
    {
        _index.Touch(prefixKey);
        return _uses.Count(prefixKey);
    }

    /// <summary>The shared beginnings on disk, most used first.</summary>
    public IReadOnlyList<string> MostUsed() => _uses.Order(_index.Newest().Where(PrefixKey.Is));

    /// <summary>Forgets a conversation's state.</summary>
    public ValueTask Forget(string key) => _work.Writer.WriteAsync(() => DeleteAll(key, _index.Remove(key)));

    /// <summary>Completes when everything queued so far is on disk.</summary>
    public async Task Flush()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _work.Writer.WriteAsync(done.SetResult);
        await done.Task;
    }

    /// <summary>
    /// Tokens of <paramref name="prompt"/> whose KV the disk has: as this conversation's own state, as the beginning of <paramref name="shared"/> tokens, or as
    /// blocks of others; no file is read.
    /// </summary>
    public int Covers(string? key, int shared, ReadOnlySpan<int> prompt) => Find(key, shared, prompt).Length;

    /// <summary>Reads the blocks that cover a prompt as far as they verify; null when none does.</summary>
    /// <param name="key">Whose state; null for a prompt without a conversation.</param>
    /// <param name="shared">Tokens of the beginning that it shares with others; 0 when not known.</param>
    /// <param name="prompt">Tokens to cover.</param>
    /// <param name="ahead">Nobody has asked for it yet: it is not used by that.</param>
    public KvImage? Load(string? key, int shared, int[] prompt, bool ahead = false)
    {
        var (tokens, needed) = Find(key, shared, prompt);
        var ids = KvBlockId.Chain(tokens);
        var blocks = new List<KvBlock>();
        for (var i = 0; i < ids.Length && i * KvBlockId.BlockTokens < needed && _index.HasBlock(ids[i]); i++)
        {
            var from = i * KvBlockId.BlockTokens;
            if (ReadBlock(ids[i], from, Math.Min(tokens.Length, from + KvBlockId.BlockTokens)) is not { } block)
            {
                break;
            }

            blocks.Add(block);
        }

        if (blocks.Count == 0)
        {
            return null;
        }

        if (key is not null && !ahead)
        {
            _index.Touch(key);
        }

        return new KvImage(key, tokens[..blocks[^1].To], [.. blocks]) { FromDisk = true };
    }

    /// <summary>A list of tokens whose blocks are on disk, and how many of them the prompt begins with.</summary>
    private (int[] Tokens, int Length) Find(string? key, int shared, ReadOnlySpan<int> prompt)
    {
        var (best, length) = (Array.Empty<int>(), 0);
        Consider(key, prompt);
        if (shared > 0 && shared <= prompt.Length)
        {
            Consider(PrefixKey.Of(prompt[..shared]), prompt);
        }

        var whole = 0;
        for (KvBlockId id = default; whole + KvBlockId.BlockTokens <= prompt.Length; whole += KvBlockId.BlockTokens)
        {
            id = KvBlockId.Next(id, prompt.Slice(whole, KvBlockId.BlockTokens));
            if (!_index.HasBlock(id))
            {
                break;
            }
        }

        return whole > length ? (prompt[..whole].ToArray(), whole) : (best, length);

        void Consider(string? candidate, ReadOnlySpan<int> wanted)
        {
            if (candidate is not null && _index.Tokens(candidate) is { } tokens && tokens.AsSpan().CommonPrefixLength(wanted) is var common && common > length)
            {
                (best, length) = (tokens, common);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _work.Writer.TryComplete();
        await _writer; // at most the queue's length of writes
        WriteUses();
    }

    private async Task WriteAll()
    {
        await foreach (var work in _work.Reader.ReadAllAsync())
        {
            try
            {
                work();
                WriteUses();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                Volatile.Write(ref _failedAt, Math.Max(1, _time.GetTimestamp()));
                LogNotWritten(error, _blocks);
            }
        }
    }

    private void Write(string key, int[] tokens, KvImage newBlocks)
    {
        using (newBlocks)
        {
            MakeRoom(newBlocks.Bytes + (4L * tokens.Length));
            foreach (var block in newBlocks.Blocks)
            {
                if (!_index.HasBlock(block.Id))
                {
                    WriteWhole(BlockPath(block.Id), stream => SnapshotFormat.WriteBlock(stream, _layout, block));
                }
            }

            var uses = new List<(KvBlockId, long)>();
            foreach (var id in KvBlockId.Chain(tokens))
            {
                var file = new FileInfo(BlockPath(id));
                if (!file.Exists)
                {
                    return; // a block was set aside or removed meanwhile; the next save writes it again
                }

                uses.Add((id, file.Length));
            }

            var manifest = SnapshotFormat.Manifest(_layout, key, tokens);
            WriteWhole(ManifestPath(key), stream => stream.Write(manifest));
            DeleteBlocks(_index.Put(key, tokens, uses));
            while (_index.RemoveOldest(_limit) is { } oldest)
            {
                DeleteAll(oldest.Key, oldest.Freed);
            }
        }
    }

    /// <summary>The database on the same disk must never be refused a turn for a cache: the oldest states go, and where that is not enough nothing is written.</summary>
    private void MakeRoom(long bytes)
    {
        while (!_room.IsThere(bytes))
        {
            if (_index.RemoveOldest(-1) is not { } oldest)
            {
                throw new IOException($"Less than {_room.Reserve >> 20} MiB would be left on the disk; they are kept for the conversations themselves.");
            }

            DeleteAll(oldest.Key, oldest.Freed);
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
            WriteWhole(_usesFile, stream => stream.Write(text));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogNotWritten(error, _usesFile);
        }
    }

    private static void WriteWhole(string path, Action<Stream> write)
    {
        var temporary = path + ".tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                write(stream);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private KvBlock? ReadBlock(KvBlockId id, int from, int to)
    {
        var path = BlockPath(id);
        try
        {
            using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
            var length = (int)Math.Min(RandomAccess.GetLength(file), int.MaxValue);
            var buffer = ArrayPool<byte>.Shared.Rent(length);
            var read = 0;
            for (int got; read < length && (got = RandomAccess.Read(file, buffer.AsSpan(read, length - read), read)) > 0;)
            {
                read += got;
            }

            if (SnapshotFormat.CheckBlock(buffer.AsSpan(0, read), _layout, id, from, to) is { } payload)
            {
                var (start, size) = payload.GetOffsetAndLength(read);
                buffer.AsSpan(start, size).CopyTo(buffer);
                return new KvBlock(id, from, to, buffer, size);
            }

            ArrayPool<byte>.Shared.Return(buffer);
            SetAside(path);
            foreach (var (key, freed) in _index.Lose(id))
            {
                DeleteAll(key, freed);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogNotRead(error, path);
        }

        return null;
    }

    private void ReadAll()
    {
        if (File.Exists(_usesFile))
        {
            _uses.Read(File.ReadAllText(_usesFile));
        }

        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in new DirectoryInfo(_manifests).GetFiles("*.manifest").OrderBy(f => f.LastWriteTimeUtc).Select(f => f.FullName))
        {
            if (SnapshotFormat.ReadManifest(File.ReadAllBytes(path), _layout) is not { } manifest)
            {
                SetAside(path);
                continue;
            }

            var files = KvBlockId.Chain(manifest.Tokens).Select(id => (Id: id, File: new FileInfo(BlockPath(id)))).ToArray();
            if (Array.Exists(files, f => !f.File.Exists))
            {
                File.Delete(path);
                continue;
            }

            _index.Put(manifest.Key, manifest.Tokens, [.. files.Select(f => (f.Id, f.File.Length))]);
            used.UnionWith(files.Select(f => f.File.FullName));
        }

        foreach (var path in Directory.EnumerateFiles(_blocks).Where(path => !used.Contains(path)))
        {
            File.Delete(path); // written for a state whose manifest never came
        }
    }

    private void SetAside(string path)
    {
        LogSetAside(path);
        Directory.CreateDirectory(_setAside);
        var old = new DirectoryInfo(_setAside).GetFiles().OrderByDescending(f => f.LastWriteTimeUtc).Skip(MaxSetAside - 1);
        foreach (var file in old)
        {
            file.Delete();
        }

        File.Move(path, Path.Combine(_setAside, Path.GetFileName(path)), overwrite: true);
    }

    private static void RemoveOtherLayouts(string folder, string mine)
    {
        foreach (var other in Directory.GetDirectories(folder).Where(other => other != mine && Path.GetFileName(other).Length == 32))
        {
            Directory.Delete(other, recursive: true); // another model or release: can never be used again by this device
        }
    }

    private void DeleteAll(string key, IReadOnlyList<KvBlockId> freed)
    {
        File.Delete(ManifestPath(key));
        DeleteBlocks(freed);
    }

    private void DeleteBlocks(IReadOnlyList<KvBlockId> blocks)
    {
        foreach (var id in blocks)
        {
            File.Delete(BlockPath(id));
        }
    }

    private string BlockPath(KvBlockId id) => Path.Combine(_blocks, string.Create(CultureInfo.InvariantCulture, $"{id}.kv"));

    private string ManifestPath(string key) => Path.Combine(_manifests, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..32] + ".manifest");

    [LoggerMessage(20, LogLevel.Warning, "KV snapshots cannot be written under {Folder}; none will be for a minute. Conversations go on and will be read again after a restart.")]
    private partial void LogNotWritten(Exception error, string folder);

    [LoggerMessage(21, LogLevel.Warning, "A KV snapshot cannot be read: {Path}. The history is read again instead.")]
    private partial void LogNotRead(Exception error, string path);

    [LoggerMessage(22, LogLevel.Warning, "A KV snapshot does not match its checksum and was set aside: {Path}. The history is read again instead.")]
    private partial void LogSetAside(string path);
}

namespace HybridConversations.Inference.Snapshots;

/// <summary>
/// Snapshots of other models, KV types and releases in the same folder: of use again when that model is. They share the budget with the layout that is in use, and are the first
/// to leave when it is spent, the layout that was not used for longest first and its least recently used states first. Belongs to one thread at a time.
/// </summary>
internal sealed class OtherLayouts
{
    private readonly string _folder;
    private readonly Queue<string> _layouts;
    private SnapshotFolder? _oldest;
    private long _unread;

    private readonly Action<string> _setAside;
    private readonly Action<Exception, string> _unreadable;

    /// <param name="folder">Where all layouts lie.</param>
    /// <param name="mine">The one in use.</param>
    /// <param name="setAside">Told what was in the place of a snapshot and is none.</param>
    /// <param name="unreadable">Told of a layout that cannot be looked into; it is left as it is.</param>
    public OtherLayouts(string folder, string mine, Action<string> setAside, Action<Exception, string> unreadable)
    {
        (_folder, _setAside, _unreadable) = (folder, setAside, unreadable);
        var others = Directory.GetDirectories(folder).Where(other => other != mine && IsLayout(Path.GetFileName(other))).OrderBy(Directory.GetLastWriteTimeUtc);
        _layouts = new Queue<string>(others);
        _unread = _layouts.Sum(BytesIn);
    }

    public long Bytes => _unread + (_oldest?.Index.Bytes ?? 0);

    /// <summary>Removes one state. False when none is left.</summary>
    public bool RemoveOldest()
    {
        while (_oldest is not null || _layouts.Count > 0)
        {
            if (_oldest is null)
            {
                var path = _layouts.Dequeue();
                _unread -= BytesIn(path);
                if (Open(path) is not { } opened)
                {
                    continue;
                }

                _oldest = opened;
            }

            if (_oldest.RemoveOldest(-1))
            {
                return true;
            }

            Directory.Delete(_oldest.Root, recursive: true);
            _oldest = null;
        }

        return false;
    }

    /// <summary>Leaves nothing of a conversation in any of them.</summary>
    /// <exception cref="IOException">One cannot be looked into, or its files cannot be deleted.</exception>
    public void Erase(string key)
    {
        _oldest?.Erase(key);
        foreach (var path in _layouts.Where(Directory.Exists))
        {
            if (!SnapshotFolder.MayHold(path, key))
            {
                continue; // not worth reading it all
            }

            _unread -= BytesIn(path);
            try
            {
                (Open(path) ?? throw new IOException($"{path} cannot be read.")).Erase(key);
            }
            finally
            {
                _unread += BytesIn(path);
            }
        }
    }

    private SnapshotFolder? Open(string path)
    {
        try
        {
            var opened = new SnapshotFolder(_folder, Convert.FromHexString(Path.GetFileName(path)), _setAside);
            opened.ReadAll();
            return opened;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _unreadable(error, path);
            return null;
        }
    }

    private static bool IsLayout(string name) => name.Length == 32 && name.All(char.IsAsciiHexDigitLower);

    private long BytesIn(string layout)
    {
        try
        {
            return new DirectoryInfo(Path.Combine(layout, "blocks")) is { Exists: true } blocks ? blocks.EnumerateFiles().Where(file => file.LinkTarget is null).Sum(file => file.Length) : 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _unreadable(error, layout);
            return 0;
        }
    }
}

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

    public OtherLayouts(string folder, string mine)
    {
        _folder = folder;
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
                _oldest = Open(path);
                _oldest.ReadAll(File.Delete);
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
    public void Erase(string key)
    {
        _oldest?.Erase(key);
        foreach (var path in _layouts.Where(Directory.Exists))
        {
            var layout = Open(path);
            var setAside = Path.Combine(path, "set-aside");
            if (!File.Exists(layout.ManifestPath(key)) && !Directory.Exists(setAside))
            {
                continue; // not worth reading it all
            }

            _unread -= BytesIn(path);
            try
            {
                layout.ReadAll(File.Delete);
                layout.Erase(key);
            }
            finally
            {
                _unread += BytesIn(path);
            }
        }
    }

    private SnapshotFolder Open(string path) => new(_folder, Convert.FromHexString(Path.GetFileName(path)));

    private static bool IsLayout(string name) => name.Length == 32 && name.All(char.IsAsciiHexDigitLower);

    private static long BytesIn(string layout) =>
        new DirectoryInfo(Path.Combine(layout, "blocks")) is { Exists: true } blocks ? blocks.EnumerateFiles().Sum(file => file.Length) : 0;
}

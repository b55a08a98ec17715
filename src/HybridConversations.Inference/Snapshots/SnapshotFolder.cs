using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using HybridConversations.Inference.KvBlocks;

namespace HybridConversations.Inference.Snapshots;

/// <summary>The snapshots of one layout: <c>LAYOUT/blocks/ID.kv</c>, shared between conversations, and <c>LAYOUT/conversations/HASH.manifest</c>. Files appear whole or not at all.</summary>
internal sealed class SnapshotFolder
{
    private const string Manifest = ".manifest";
    private const string Temporary = ".tmp";
    private const string Uses = "prefix-uses.txt";
    private const string Aside = "set-aside";
    private const string Block = ".kv";
    private const string Conversations = "conversations";
    private readonly SetAside _aside;
    private readonly SetAside[] _asides;

    /// <param name="folder">Where all layouts lie.</param>
    /// <param name="layout">16 bytes that name this one.</param>
    /// <param name="setAside">Called with the path of what is in the place of a snapshot and is none.</param>
    public SnapshotFolder(string folder, byte[] layout, Action<string> setAside)
    {
        Layout = layout;
        var ofAll = new SetAside($"{folder}.{Aside}", setAside);
        folder = ofAll.Folder(folder);
        var ofLayouts = new SetAside(Path.Combine(folder, Aside), setAside);
        Root = ofLayouts.Folder(Path.Combine(folder, Convert.ToHexStringLower(layout)));
        _aside = new SetAside(Path.Combine(Root, Aside), setAside);
        _asides = [ofAll, ofLayouts, _aside];
        Blocks = _aside.Folder(Path.Combine(Root, "blocks"));
        Manifests = _aside.Folder(Path.Combine(Root, Conversations));
    }

    public byte[] Layout { get; }
    public string Root { get; }
    public string Blocks { get; }
    public string Manifests { get; }

    /// <summary>Where it is noted how often beginnings were used (<see cref="PrefixUses"/>).</summary>
    public string UsesFile => Path.Combine(Root, Uses);
    public SnapshotIndex Index { get; } = new();

    public string BlockPath(KvBlockId id) => Path.Combine(Blocks, string.Create(CultureInfo.InvariantCulture, $"{id}{Block}"));

    public string ManifestPath(string key) => Path.Combine(Manifests, ManifestName(key));

    /// <summary>Fills the index; files that belong to nothing are deleted, and what is no file of ours is set aside.</summary>
    public void ReadAll()
    {
        SetForeignAside();
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in new DirectoryInfo(Manifests).GetFiles($"*{Manifest}").OrderBy(f => f.LastWriteTimeUtc).Select(f => f.FullName))
        {
            if (Read(path) is not { } manifest)
            {
                SetAside(path);
                continue;
            }

            var files = manifest.State.Parts().Select(id => (Id: id, File: new FileInfo(BlockPath(id)))).ToArray();
            if (Array.Exists(files, f => !Snapshots.SetAside.IsFile(f.File.FullName)))
            {
                File.Delete(path);
                continue;
            }

            Index.Put(manifest.Key, manifest.State, [.. files.Select(f => (f.Id, f.File.Length))]);
            used.UnionWith(files.Select(f => f.File.FullName));
        }

        foreach (var path in Directory.EnumerateFiles(Blocks).Where(path => !used.Contains(path)))
        {
            File.Delete(path); // written for a state whose manifest never came
        }
    }

    /// <summary>Makes way for what is read and written here: a pipe in a file's place would be waited for without end, a folder could not be replaced.</summary>
    private void SetForeignAside()
    {
        foreach (var entry in Entries(Root).Where(path => Path.GetFileName(path) is not ("blocks" or Conversations or Aside or Uses) || (path == UsesFile && !Snapshots.SetAside.IsFile(path))))
        {
            SetAside(entry);
        }

        foreach (var entry in Entries(Manifests).Where(path => !Snapshots.SetAside.IsFile(path) || Path.GetExtension(path) != Manifest))
        {
            SetAside(entry);
        }

        foreach (var entry in Entries(Blocks).Where(path => !Snapshots.SetAside.IsFile(path)))
        {
            SetAside(entry);
        }
    }

    /// <summary>All that lies in a folder, but for files that were never finished: those are deleted.</summary>
    private static List<string> Entries(string folder)
    {
        var entries = Directory.EnumerateFileSystemEntries(folder).ToList();
        foreach (var unfinished in entries.Where(path => Path.GetExtension(path) == Temporary && File.Exists(path)))
        {
            File.Delete(unfinished);
        }

        return entries.FindAll(Snapshots.SetAside.IsAnything);
    }

    private static string ManifestName(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..32] + Manifest;

    /// <summary>Null for what cannot be read, or does not verify.</summary>
    private (string Key, SnapshotState State)? Read(string path)
    {
        try
        {
            return SnapshotFormat.ReadManifest(File.ReadAllBytes(path), Layout);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Removes the least recently used state while there is more than <paramref name="limit"/> bytes. False when there is not.</summary>
    public bool RemoveOldest(long limit)
    {
        if (Index.RemoveOldest(limit) is not { } oldest)
        {
            return false;
        }

        Delete(oldest.Key, oldest.Freed);
        return true;
    }

    /// <summary>Deletes a state's manifest, and blocks.</summary>
    public void Delete(string key, IReadOnlyList<KvBlockId> freed)
    {
        File.Delete(ManifestPath(key));
        Delete(freed);
    }

    public void Delete(IReadOnlyList<KvBlockId> blocks)
    {
        foreach (var id in blocks)
        {
            File.Delete(BlockPath(id));
        }
    }

    /// <summary>
    /// Leaves nothing of a conversation, whether it is on record here or not: also what was written of a state that never became whole, and what was set aside.
    /// Whose a block was that is set aside nobody knows any more, so all of those go.
    /// </summary>
    public void Erase(string key)
    {
        IReadOnlyList<KvBlockId> freed = [.. Index.Remove(key), .. Index.Abandon(key)];
        if (!Directory.Exists(Root))
        {
            return;
        }

        Delete(key, freed);
        var manifest = ManifestName(key);
        File.Delete(Path.Combine(Manifests, manifest + Temporary));
        foreach (var aside in _asides)
        {
            aside.Forget(file => file == manifest || Path.GetExtension(file) == Block);
        }
    }

    /// <summary>Could a layout's folder, which is not read, have something of a conversation?</summary>
    public static bool MayHold(string root, string key) =>
        File.Exists(Path.Combine(root, Conversations, ManifestName(key))) || Directory.Exists(Path.Combine(root, Aside));

    /// <summary>Keeps what does not verify, or is no snapshot at all, out of the way.</summary>
    public void SetAside(string path) => _aside.Put(path);

    /// <summary>Writes a file that appears whole or not at all.</summary>
    public static void WriteWhole(string path, Action<Stream> write)
    {
        var temporary = path + Temporary;
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
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using HybridConversations.Inference.KvBlocks;

namespace HybridConversations.Inference.Snapshots;

/// <summary>The snapshots of one layout: <c>LAYOUT/blocks/ID.kv</c>, shared between conversations, and <c>LAYOUT/conversations/HASH.manifest</c>. Files appear whole or not at all.</summary>
internal sealed class SnapshotFolder
{
    private const int MaxSetAside = 16;
    private readonly string _setAside;

    /// <param name="folder">Where all layouts lie.</param>
    /// <param name="layout">16 bytes that name this one.</param>
    public SnapshotFolder(string folder, byte[] layout)
    {
        Layout = layout;
        Root = Path.Combine(folder, Convert.ToHexStringLower(layout));
        Blocks = Directory.CreateDirectory(Path.Combine(Root, "blocks")).FullName;
        Manifests = Directory.CreateDirectory(Path.Combine(Root, "conversations")).FullName;
        _setAside = Path.Combine(Root, "set-aside");
    }

    public byte[] Layout { get; }
    public string Root { get; }
    public string Blocks { get; }
    public string Manifests { get; }
    public SnapshotIndex Index { get; } = new();

    public string BlockPath(KvBlockId id) => Path.Combine(Blocks, string.Create(CultureInfo.InvariantCulture, $"{id}.kv"));

    public string ManifestPath(string key) => Path.Combine(Manifests, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..32] + ".manifest");

    /// <summary>Fills the index; files that belong to nothing are deleted.</summary>
    /// <param name="unreadable">Called with a manifest that does not verify.</param>
    public void ReadAll(Action<string> unreadable)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in new DirectoryInfo(Manifests).GetFiles("*.manifest").OrderBy(f => f.LastWriteTimeUtc).Select(f => f.FullName))
        {
            if (SnapshotFormat.ReadManifest(File.ReadAllBytes(path), Layout) is not { } manifest)
            {
                unreadable(path);
                continue;
            }

            var files = KvBlockId.Chain(manifest.Tokens, manifest.Lineage).Select(id => (Id: id, File: new FileInfo(BlockPath(id)))).ToArray();
            if (Array.Exists(files, f => !f.File.Exists))
            {
                File.Delete(path);
                continue;
            }

            Index.Put(manifest.Key, manifest.Tokens, manifest.Lineage, [.. files.Select(f => (f.Id, f.File.Length))]);
            used.UnionWith(files.Select(f => f.File.FullName));
        }

        foreach (var path in Directory.EnumerateFiles(Blocks).Where(path => !used.Contains(path)))
        {
            File.Delete(path); // written for a state whose manifest never came
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

    /// <summary>Keeps a file that does not verify, the last 16 of them.</summary>
    public void SetAside(string path)
    {
        Directory.CreateDirectory(_setAside);
        foreach (var file in new DirectoryInfo(_setAside).GetFiles().OrderByDescending(f => f.LastWriteTimeUtc).Skip(MaxSetAside - 1))
        {
            file.Delete();
        }

        File.Move(path, Path.Combine(_setAside, Path.GetFileName(path)), overwrite: true);
    }

    /// <summary>Writes a file that appears whole or not at all.</summary>
    public static void WriteWhole(string path, Action<Stream> write)
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
}

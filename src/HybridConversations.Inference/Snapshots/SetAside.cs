namespace HybridConversations.Inference.Snapshots;

/// <summary>
/// Where things go that lie in a snapshot's place and are none: damaged files, folders, pipes, links that lead nowhere. The last 16 are kept to be looked at.
/// A cache must never prevent a start, so whatever is there makes way.
/// </summary>
/// <param name="folder">Where they are kept.</param>
/// <param name="told">Called with the path of each, before it is moved.</param>
internal sealed class SetAside(string folder, Action<string> told)
{
    private const int Most = 16;

    /// <summary>Is there a file with something in it? Pipes, devices and sockets have no length, so nobody waits for what they never say; a link is nothing of ours.</summary>
    public static bool IsFile(string path) => new FileInfo(path) is { Exists: true, LinkTarget: null, Length: > 0 };

    /// <summary>Is anything there, a link that leads nowhere included?</summary>
    public static bool IsAnything(string path) => Path.Exists(path) || new FileInfo(path).LinkTarget is not null;

    /// <summary>A folder that can be listed and written to, made anew when something else is in its place.</summary>
    /// <exception cref="IOException">What is there cannot be moved.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public string Folder(string path)
    {
        try
        {
            return Made(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Put(path);
            return Made(path);
        }
    }

    public void Put(string path)
    {
        if (!IsAnything(path))
        {
            return;
        }

        told(path);
        MakeRoom();
        Move(path, Path.Combine(folder, Path.GetFileName(path)));
    }

    /// <summary>Deletes what is kept here under such names, however deep.</summary>
    public void Forget(Func<string, bool> names)
    {
        if (Directory.Exists(folder))
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => names(Path.GetFileName(file))))
            {
                File.Delete(file);
            }
        }
    }

    private static string Made(string path)
    {
        var made = Directory.CreateDirectory(path);
        using var entries = made.EnumerateFileSystemInfos().GetEnumerator();
        _ = entries.MoveNext();
        return made.FullName;
    }

    private void MakeRoom()
    {
        try
        {
            Made(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Something else lies even there.
            var other = $"{folder}.other";
            Remove(other);
            Move(folder, other);
            Made(folder);
        }

        foreach (var entry in new DirectoryInfo(folder).GetFileSystemInfos().OrderByDescending(entry => entry.LastWriteTimeUtc).Skip(Most - 1))
        {
            Remove(entry.FullName);
        }
    }

    private static void Move(string from, string to)
    {
        Remove(to);
        if (new FileInfo(from).LinkTarget is not null)
        {
            File.Delete(from); // There is nothing in a link.
        }
        else if (Directory.Exists(from))
        {
            Directory.Move(from, to);
        }
        else
        {
            File.Move(from, to);
        }
    }

    private static void Remove(string path)
    {
        if (new DirectoryInfo(path) is { Exists: true, LinkTarget: null } other)
        {
            other.Delete(recursive: true);
        }
        else if (IsAnything(path))
        {
            File.Delete(path);
        }
    }
}

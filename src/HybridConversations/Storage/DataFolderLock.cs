namespace HybridConversations.Storage;

/// <summary>
/// Makes a data folder belong to one process at a time: an exclusive lock on its file <c>lock</c>, given back by the system when the process ends, however it ends.
/// See <see cref="ExclusiveFile"/>.
/// </summary>
public sealed class DataFolderLock : IDisposable
{
    private readonly ExclusiveFile _lock;

    private DataFolderLock(string folder, ExclusiveFile held)
    {
        Folder = folder;
        _lock = held;
    }

    /// <summary>Absolute path of the locked folder.</summary>
    public string Folder { get; }

    /// <summary>Creates the folder (readable by this user only) where it is missing, and locks it.</summary>
    /// <exception cref="ProblemException"><c>storage-failed</c>: another process holds it, or it cannot be written.</exception>
    public static DataFolderLock Acquire(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var path = Path.GetFullPath(folder);
        try
        {
            CreateFolder(path);
            return new DataFolderLock(path, ExclusiveFile.Take(Path.Combine(path, "lock"), sayWho: true));
        }
        catch (FileInUseException error)
        {
            throw StorageProblem.Permanent($"The data folder '{path}' is in use{error.ByWhom}. Stop that process, or name another folder with --data.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw StorageProblem.Permanent($"The data folder '{path}' cannot be used ({error.Message}). Name a folder that this user may write with --data.", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    /// <summary>Creates a folder that this user alone may read.</summary>
    internal static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}

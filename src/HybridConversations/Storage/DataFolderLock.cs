using System.Globalization;

namespace HybridConversations.Storage;

/// <summary>
/// Makes a data folder belong to one process at a time: an exclusive lock on its file <c>lock</c>, given back by the system when the process ends, however it ends.
/// The holder's process id stands in <c>lock.pid</c> (the locked file itself cannot be read by others).
/// </summary>
public sealed class DataFolderLock : IDisposable
{
    private readonly FileStream _lock;

    private DataFolderLock(string folder, FileStream held)
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
            var held = new FileStream(Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(OwnerFile(path), Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
            return new DataFolderLock(path, held);
        }
        catch (Exception error) when (IsHeldElsewhere(error))
        {
            throw StorageProblem.Permanent($"The data folder '{path}' is in use{Owner(path)}. Stop that process, or name another folder with --data.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw StorageProblem.Permanent($"The data folder '{path}' cannot be used ({error.Message}). Name a folder that this user may write with --data.", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static void CreateFolder(string path)
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

    // .NET reports a refused flock as errno EWOULDBLOCK (11 on Linux, 35 on macOS), and a sharing violation on Windows as 0x80070020.
    private static bool IsHeldElsewhere(Exception error) => error is IOException { HResult: 11 or 35 or unchecked((int)0x80070020) };

    private static string OwnerFile(string path) => Path.Combine(path, "lock.pid");

    private static string Owner(string path)
    {
        try
        {
            return int.TryParse(File.ReadAllText(OwnerFile(path)), CultureInfo.InvariantCulture, out var id) ? $" by process {id}" : "";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}

using System.Globalization;

namespace HybridConversations.Storage;

/// <summary>
/// A file that one process at a time holds; the system gives it back when the process ends, however it ends. It stays: were it deleted, a process that had
/// opened it a moment before would hold what nobody else can see. The holder's process id can stand in a file beside it (what is held cannot be read by others).
/// </summary>
internal sealed class ExclusiveFile : IDisposable
{
    private readonly FileStream _held;

    private ExclusiveFile(FileStream held) => _held = held;

    /// <param name="path">Made where it is missing.</param>
    /// <param name="sayWho">Write the process id to <c>PATH.pid</c>.</param>
    /// <exception cref="FileInUseException">Another process holds it.</exception>
    /// <exception cref="IOException">It cannot be made or opened.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static ExclusiveFile Take(string path, bool sayWho = false)
    {
        try
        {
            var held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            if (sayWho)
            {
                File.WriteAllText(HolderFile(path), Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
            }

            return new ExclusiveFile(held);
        }
        catch (IOException error) when (IsHeldElsewhere(error))
        {
            throw new FileInUseException(path, Holder(path), error);
        }
    }

    public void Dispose() => _held.Dispose();

    // .NET reports a refused flock as errno EWOULDBLOCK (11 on Linux, 35 on macOS), and a sharing violation on Windows as 0x80070020.
    private static bool IsHeldElsewhere(IOException error) => error.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static string HolderFile(string path) => path + ".pid";

    private static int? Holder(string path)
    {
        try
        {
            return int.TryParse(File.ReadAllText(HolderFile(path)), CultureInfo.InvariantCulture, out var id) ? id : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

namespace HybridConversations.Inference.Snapshots;

/// <summary>Room on the disk of a folder, less what is left for others: a quarter of the disk, at most 256 MiB.</summary>
internal sealed class DiskRoom(string folder)
{
    private const long MostReserved = 256L << 20;
    private readonly DriveInfo _drive = new(OperatingSystem.IsWindows() ? Path.GetPathRoot(Path.GetFullPath(folder))! : folder);

    /// <summary>Bytes that stay free.</summary>
    public long Reserve => Known(() => Math.Min(MostReserved, _drive.TotalSize / 4), 0);

    /// <summary>May so many bytes be written? True where the system does not say.</summary>
    public bool IsThere(long bytes) => Known(() => _drive.AvailableFreeSpace - bytes >= Reserve, true);

    private static T Known<T>(Func<T> ask, T otherwise)
    {
        try
        {
            return ask();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return otherwise;
        }
    }
}

using System.Globalization;

namespace HybridConversations.Cli.Doctor;

/// <summary>Can conversations be kept?</summary>
internal static class DataFolderCheck
{
    private const long LowDiskBytes = 1L << 30;

    public static Finding Examine(string folder)
    {
        const string Subject = "data folder";
        var existing = folder;
        while (existing is not null && !Directory.Exists(existing))
        {
            existing = Path.GetDirectoryName(existing);
        }

        if (existing is null || WriteFault(existing) is { } fault)
        {
            return Finding.Missing(Subject, $"{folder} cannot be written", $"Give a folder that this user may write: --data DIR or HC_DATA. ({(existing is null ? "no such disk" : WriteFault(existing))})");
        }

        var free = new DriveInfo(existing).AvailableFreeSpace;
        var detail = string.Create(CultureInfo.InvariantCulture, $"{folder} ({(existing == folder ? "there" : "made at the first start")}, {free / (double)(1L << 30):0.0} GiB free)");
        return free >= LowDiskBytes ? Finding.Ok(Subject, detail) : Finding.Note(Subject, detail, "Snapshots of conversations want room; make some, or choose another folder with --data.");
    }

    private static string? WriteFault(string folder)
    {
        var probe = Path.Combine(folder, $".hc-doctor-{Guid.NewGuid():N}");
        try
        {
            using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }
}

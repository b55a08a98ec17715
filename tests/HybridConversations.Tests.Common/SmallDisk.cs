using System.Diagnostics;

namespace HybridConversations.Tests.Common;

/// <summary>A real disk of a few megabytes (a tmpfs), gone after the test.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _mountPoint = new();

    private SmallDisk()
    {
    }

    public string Path => _mountPoint.Path;

    /// <summary>Bytes that may still be written.</summary>
    public long Free => new DriveInfo(Path).AvailableFreeSpace;

    /// <summary>Null, and why, where this user may not mount.</summary>
    public static SmallDisk? TryMount(long bytes, out string reason)
    {
        var disk = new SmallDisk();
        if (OperatingSystem.IsLinux())
        {
            reason = Run("-t", "tmpfs", "-o", $"size={bytes}", "tmpfs", disk.Path);
            if (reason.Length == 0)
            {
                return disk;
            }
        }

        reason = "A small disk cannot be mounted here; that needs Linux and root.";
        disk._mountPoint.Dispose();
        return null;
    }

    /// <summary>Makes it larger.</summary>
    public void Grow(long bytes)
    {
        if (Run("-o", $"remount,size={bytes}", Path) is { Length: > 0 } error)
        {
            throw new IOException(error);
        }
    }

    public void Dispose()
    {
        using (var process = Process.Start(new ProcessStartInfo("umount", ["-l", Path])))
        {
            process!.WaitForExit();
        }

        _mountPoint.Dispose();
    }

    private static string Run(params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("mount", arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? "" : $"mount: {error}{process.ExitCode}";
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return missing.Message;
        }
    }
}

using System.Diagnostics;
using System.Globalization;

namespace HybridConversations.Cli.Hosting.Processes;

/// <summary>A process of this machine by which it is known again: ids are used anew, but not with the same time of start.</summary>
internal readonly record struct ProcessMark(int Id, DateTime StartedAt)
{
    /// <summary>The kernel tells the start in hundredths of a second since the boot, and the time of the boot is a reckoned one.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    /// <returns>Null when it has ended already.</returns>
    public static ProcessMark? Of(Process process)
    {
        try
        {
            return new ProcessMark(process.Id, process.StartTime.ToUniversalTime());
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    public static ProcessMark? Parse(string line) =>
        line.Split(' ') is [var id, var at] && int.TryParse(id, CultureInfo.InvariantCulture, out var number)
            && DateTime.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var started) ? new ProcessMark(number, started) : null;

    /// <returns>The process while it runs; null when it has ended.</returns>
    public Process? Find()
    {
        try
        {
            var process = Process.GetProcessById(Id);
            if ((process.StartTime.ToUniversalTime() - StartedAt).Duration() < Tolerance)
            {
                return process;
            }

            process.Dispose();
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended.
        }

        return null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id} {StartedAt:O}");
}

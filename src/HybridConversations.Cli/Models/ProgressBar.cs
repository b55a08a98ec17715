using HybridConversations.Models;
using Spectre.Console;

namespace HybridConversations.Cli.Models;

/// <summary>Progress for a person: a bar with size, speed and the time that is left.</summary>
internal static class ProgressBar
{
    public static async Task<T> Show<T>(IAnsiConsole console, string what, Func<IProgress<DownloadProgress>, Task<T>> work)
    {
        T? result = default;
        await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(what), autoStart: true, maxValue: double.MaxValue);
                result = await work(new Bar(console, task, what));
            });
        return result!;
    }

    private sealed class Bar(IAnsiConsole console, ProgressTask task, string what) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value)
        {
            if (value.TotalBytes > 0)
            {
                (task.MaxValue, task.Value) = (value.TotalBytes, value.Bytes);
            }

            task.Description = Markup.Escape(value.Phase switch
            {
                DownloadPhase.Checking => $"{what} (checking)",
                DownloadPhase.Waiting => $"{what} (waiting)",
                _ => what,
            });
            if (value is { Phase: DownloadPhase.Waiting, Note: { } note })
            {
                console.MarkupLineInterpolated($"[yellow]{note}[/]");
            }
        }
    }
}

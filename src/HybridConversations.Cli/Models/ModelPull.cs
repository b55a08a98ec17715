using HybridConversations.Models;
using Spectre.Console;

namespace HybridConversations.Cli.Models;

/// <summary><c>hc models pull</c>: the path of the file goes to standard output, everything else to standard error.</summary>
internal static class ModelPull
{
    public static async Task<int> Run(ModelSource source, string folder)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += Cancel;
        try
        {
            using var downloader = new ModelDownloader();
            var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
            var model = Console.IsErrorRedirected
                ? await downloader.Pull(source, folder, new ProgressLines(Console.Error), stop.Token)
                : await ProgressBar.Show(console, source.FileName, progress => downloader.Pull(source, folder, progress, stop.Token));
            Console.Error.WriteLine($"{source.FileName} {(model.AlreadyThere ? "was here already" : "is here")}, {ModelListing.Size(model.Bytes)}, SHA-256 {model.Sha256}");
            Console.Out.WriteLine(model.Path);
            return ExitCodes.Success;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Console.Error.WriteLine("Broken off. What has come is kept: the same command goes on from there.");
            return ExitCodes.Failure;
        }
        finally
        {
            Console.CancelKeyPress -= Cancel;
        }

        void Cancel(object? sender, ConsoleCancelEventArgs key)
        {
            key.Cancel = true;
            stop.Cancel();
        }
    }
}

using System.Diagnostics;

namespace HybridConversations.Cli.Hosting.Fleet;

/// <summary>
/// A silo that the fleet believes dead must end, since its conversations live elsewhere by now. Says why in one line and ends the process as a kill would, for its
/// supervisor to start it anew; Orleans' own way is an abort with a page of stacks.
/// </summary>
internal sealed partial class LeaveAtOnce(ILogger<LeaveAtOnce> logger) : IFatalErrorHandler
{
    private static readonly TimeSpan LogFlush = TimeSpan.FromMilliseconds(500);

    public bool IsUnexpected(Exception exception) => exception is not ThreadAbortException;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        LogFatal(exception, context);
        Console.Error.WriteLine(
            $"hc join: this process can be no part of the fleet any more and ends; start it again. {FirstSentence(context)} {exception?.Message.ReplaceLineEndings(" ")}".TrimEnd());
        Thread.Sleep(LogFlush);
        Process.GetCurrentProcess().Kill();
    }

    private static string FirstSentence(string? context) => context?.Split(" Membership:", 2)[0].ReplaceLineEndings(" ") ?? "";

    [LoggerMessage(400, LogLevel.Critical, "Orleans cannot go on: {Context}")]
    private partial void LogFatal(Exception? exception, string? context);
}

namespace HybridConversations.Http.Keys;

/// <summary>Who did what to whose data, in the log under its own category, one line each. It holds ids, no words and no keys.</summary>
internal sealed partial class AuditLog(ILoggerFactory loggers)
{
    /// <summary>The category, for whoever sends it elsewhere.</summary>
    public const string Category = "HybridConversations.Audit";

    private readonly ILogger _logger = loggers.CreateLogger(Category);

    public void Did(HttpContext context, string action, string what) => LogDid(_logger, Caller.Of(context).Id, action, LogText.Of(what), $"{context.Connection.RemoteIpAddress}");

    public void Refused(HttpContext context, string why) =>
        LogRefused(_logger, context.Request.Method, LogText.Of(context.Request.Path), why, $"{context.Connection.RemoteIpAddress}");

    [LoggerMessage(710, LogLevel.Information, "Key {Key} {Action} {What} from {Address}")]
    private static partial void LogDid(ILogger logger, string key, string action, string what, string address);

    [LoggerMessage(711, LogLevel.Warning, "Refused {Method} {Path}: {Why}, from {Address}")]
    private static partial void LogRefused(ILogger logger, string method, string path, string why, string address);
}

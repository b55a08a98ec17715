namespace HybridConversations.Http.Keys;

/// <summary>Who did what to whose data, in the log under its own category, one line each. It holds ids, no words and no keys.</summary>
internal sealed partial class AuditLog(ILoggerFactory loggers)
{
    /// <summary>The category, for whoever sends it elsewhere.</summary>
    public const string Category = "HybridConversations.Audit";

    /// <summary>Somebody read what was said.</summary>
    public const string Read = "read";

    /// <summary>Somebody deleted it, or a part of it.</summary>
    public const string Deleted = "deleted";

    private readonly ILogger _logger = loggers.CreateLogger(Category);

    public void Did(HttpContext context, string action, string what) => LogDid(_logger, Caller.Of(context).Id, action, LogText.Of(what), $"{context.Connection.RemoteIpAddress}");

    public void Refused(HttpContext context, string why) =>
        LogRefused(_logger, context.Request.Method, LogText.Of(context.Request.Path), why, $"{context.Connection.RemoteIpAddress}");

    /// <summary>A key counts from now on, or no more.</summary>
    public void Changed(ApiKey key, bool isThere)
    {
        if (isThere)
        {
            LogAdded(_logger, key.Id, key.Role, LogText.Of(key.Tenant), LogText.Of(key.Name));
        }
        else
        {
            LogRevoked(_logger, key.Id, key.Role, LogText.Of(key.Tenant), LogText.Of(key.Name));
        }
    }

    [LoggerMessage(712, LogLevel.Information, "Key {Key} counts: {Role} of tenant {Tenant}, '{Name}'")]
    private static partial void LogAdded(ILogger logger, string key, KeyRole role, string tenant, string name);

    [LoggerMessage(713, LogLevel.Information, "Key {Key} counts no more: {Role} of tenant {Tenant}, '{Name}'")]
    private static partial void LogRevoked(ILogger logger, string key, KeyRole role, string tenant, string name);

    [LoggerMessage(710, LogLevel.Information, "Key {Key} {Action} {What} from {Address}")]
    private static partial void LogDid(ILogger logger, string key, string action, string what, string address);

    [LoggerMessage(711, LogLevel.Warning, "Refused {Method} {Path}: {Why}, from {Address}")]
    private static partial void LogRefused(ILogger logger, string method, string path, string why, string address);
}

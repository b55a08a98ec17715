namespace HybridConversations.Bench.Http;

/// <summary>A server did not do what a benchmark needs of it. The message is for people and names the server.</summary>
public sealed class TargetException(string message, int? status = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>HTTP status of the answer; null when there was none.</summary>
    public int? Status { get; } = status;

    /// <summary>Did the server say that it is too busy (429, 503)?</summary>
    public bool Refused => Status is 429 or 503;
}

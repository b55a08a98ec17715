using System.Collections.Concurrent;

namespace HybridConversations.Http.Requests;

/// <summary>
/// Says which members of a request were passed over: in the answer's header <see cref="Header"/>, so that the client knows, and once for each name in the log.
/// Such a member never ends a turn.
/// </summary>
internal sealed partial class UnknownMembers(IHttpContextAccessor requests, ILogger<UnknownMembers> logger)
{
    /// <summary>Names, separated by commas.</summary>
    public const string Header = "X-Ignored-Members";

    private const int MaxNames = 256;
    private const int MaxShown = 16;
    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);

    public void Note(string endpoint, IEnumerable<string> names)
    {
        var ignored = names.ToList();
        if (ignored.Count == 0)
        {
            return;
        }

        if (requests.HttpContext?.Response is { HasStarted: false } response)
        {
            response.Headers[Header] = string.Join(", ", ignored.Take(MaxShown).Select(AsToken)) + (ignored.Count > MaxShown ? ", ..." : "");
        }

        foreach (var name in ignored)
        {
            var shown = LogText.Of(name);
            if (_told.Count < MaxNames && _told.TryAdd($"{endpoint} {shown}", true))
            {
                LogIgnored(shown, endpoint);
            }
        }
    }

    /// <summary>A name as a header may hold it: what is no letter, digit or mark of ASCII becomes '?'.</summary>
    private static string AsToken(string name) =>
        string.Concat(name.Take(64).Select(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.' or '[' or ']' ? character : '?'));

    [LoggerMessage(1, LogLevel.Information, "Member '{Name}' of {Endpoint} is ignored (told once).")]
    private partial void LogIgnored(string name, string endpoint);
}

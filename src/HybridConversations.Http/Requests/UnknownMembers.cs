using System.Collections.Concurrent;

namespace HybridConversations.Http.Requests;

/// <summary>Tells the log, once for each name, which members of requests are ignored. An unknown member never ends a turn.</summary>
internal sealed partial class UnknownMembers(ILogger<UnknownMembers> logger)
{
    private const int MaxNames = 256;
    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);

    public void Note(string endpoint, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            var shown = LogText.Of(name);
            if (_told.Count < MaxNames && _told.TryAdd($"{endpoint} {shown}", true))
            {
                LogIgnored(shown, endpoint);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Member '{Name}' of {Endpoint} is not known here and is ignored (told once).")]
    private partial void LogIgnored(string name, string endpoint);
}

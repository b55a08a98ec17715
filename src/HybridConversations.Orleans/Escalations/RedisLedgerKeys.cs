using System.Globalization;
using StackExchange.Redis;

namespace HybridConversations.Orleans.Escalations;

/// <summary>Where the ledger of a fleet lies in Redis. Keys of one endpoint share a hash tag, so that a script may use them together.</summary>
/// <param name="service">The fleet's name.</param>
internal sealed class RedisLedgerKeys(string service)
{
    /// <summary>A set of the endpoints' names.</summary>
    public RedisKey Endpoints { get; } = $"{service}/ledger/endpoints";

    /// <summary>Sums of a month.</summary>
    public RedisKey Month(string endpoint, DateOnly day) => $"{service}/ledger/{{{endpoint}}}/{day.ToString("yyyy-MM", CultureInfo.InvariantCulture)}";

    /// <summary>Rows of the tries under way, by id.</summary>
    public RedisKey Open(string endpoint) => $"{service}/ledger/{{{endpoint}}}/open";

    /// <summary>Their ids by the end of their lease, in Unix milliseconds.</summary>
    public RedisKey Leases(string endpoint) => $"{service}/ledger/{{{endpoint}}}/leases";

    /// <summary>Rows of the last settled tries, newest first.</summary>
    public RedisKey Tries(string endpoint) => $"{service}/ledger/{{{endpoint}}}/tries";

    /// <summary>The part of a field that says which day of the month.</summary>
    public static string DayOf(DateOnly day) => day.Day.ToString("00", CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text.Json;
using Orleans.GrainDirectory;
using StackExchange.Redis;

namespace HybridConversations.Orleans.Placement;

/// <summary>
/// Which silo hosts which grain, in Redis. Orleans' own directory is spread over the silos, so that where two of them cannot reach each other neither finds
/// grains that the other has on its list, also those that it could reach. An entry of a silo that has died is replaced by whoever finds it.
/// Orleans has such a directory, too, with the same keys and other entries, of which it and the release before understand nothing of each other's. So this one reads
/// both, and a release after it may use that one (docs/cluster.md).
/// </summary>
internal sealed class RedisGrainDirectory(Func<Task<IConnectionMultiplexer>> connect, string clusterId) : IGrainDirectory
{
    // An entry is "activation|silo|membership version", or the JSON of Orleans' own directory. Both scripts answer with the entry that counts.
    private const string Activation =
        """
        local function activation(entry)
            if string.sub(entry, 1, 1) == '{' then return cjson.decode(entry).ActivationId end
            return string.match(entry, '^[^|]*')
        end

        """;

    private const string RegisterScript = Activation +
        """
        local there = redis.call('GET', KEYS[1])
        if there and activation(there) ~= ARGV[2] then return there end
        redis.call('SET', KEYS[1], ARGV[1])
        return ARGV[1]
        """;

    private const string UnregisterScript = Activation +
        """
        local there = redis.call('GET', KEYS[1])
        if there and activation(there) == ARGV[1] then redis.call('DEL', KEYS[1]) end
        return there
        """;

    private readonly string _prefix = $"{clusterId}/directory/";

    public Task<GrainAddress?> Register(GrainAddress address) => Register(address, null);

    public async Task<GrainAddress?> Register(GrainAddress address, GrainAddress? previousAddress)
    {
        var entry = string.Create(CultureInfo.InvariantCulture, $"{address.ActivationId.ToParsableString()}|{address.SiloAddress!.ToParsableString()}|{address.MembershipVersion.Value}");
        var there = await Run(RegisterScript, address.GrainId, entry, previousAddress?.ActivationId.ToParsableString() ?? "");
        return there == entry ? address : Parse(address.GrainId, there);
    }

    public Task Unregister(GrainAddress address) => Run(UnregisterScript, address.GrainId, address.ActivationId.ToParsableString());

    public async Task<GrainAddress?> Lookup(GrainId grainId)
    {
        try
        {
            return Parse(grainId, await (await connect()).GetDatabase().StringGetAsync(Key(grainId)));
        }
        catch (Exception error) when (error is RedisException or TimeoutException)
        {
            throw Failed(grainId, error);
        }
    }

    /// <summary>Entries of dead silos stay until someone looks for the grain: to find them all would mean to read them all.</summary>
    public Task UnregisterSilos(List<SiloAddress> siloAddresses) => Task.CompletedTask;

    private RedisKey Key(GrainId grain) => _prefix + grain;

    private async Task<string?> Run(string script, GrainId grain, params RedisValue[] values)
    {
        try
        {
            return (string?)await (await connect()).GetDatabase().ScriptEvaluateAsync(script, [Key(grain)], values);
        }
        catch (Exception error) when (error is RedisException or TimeoutException)
        {
            throw Failed(grain, error);
        }
    }

    private static GrainAddress? Parse(GrainId grain, string? entry)
    {
        if (entry is ['{', ..])
        {
            return JsonSerializer.Deserialize<GrainAddress>(entry);
        }

        if (entry?.Split('|') is not [var activation, var silo, var version])
        {
            return null;
        }

        return new GrainAddress
        {
            GrainId = grain,
            ActivationId = ActivationId.FromParsableString(activation),
            SiloAddress = SiloAddress.FromParsableString(silo),
            MembershipVersion = new MembershipVersion(long.Parse(version, CultureInfo.InvariantCulture)),
        };
    }

    /// <summary>Redis's own exceptions do not travel between silos.</summary>
    private static OrleansException Failed(GrainId grain, Exception error) => new($"Where {grain} is could not be looked up in Redis ({error.Message})");
}

namespace HybridConversations.Orleans.Escalations;

/// <summary>
/// What the ledger does in Redis, each all or nothing and with no one in between. The month's hash has a field for each day, number and tenant
/// (<c>14:cost:TENANT</c>), and one for the month (<c>mm:cost:TENANT</c>); the empty tenant is all of them. Money is <c>LedgerMoney</c>'s units: whole
/// numbers, which Redis adds exactly. (Lua compares them as doubles: exact up to 900,000 of the currency's units.)
/// </summary>
internal static class RedisLedgerScripts
{
    /// <summary>Money of the two who have an own balance each: the tenant and all.</summary>
    private const string Balance =
        """
        local function money(who)
            local fields = redis.call('HMGET', KEYS[1], day .. ':cost:' .. who, 'mm:cost:' .. who, day .. ':reserved:' .. who, 'mm:reserved:' .. who)
            for i = 1, 4 do fields[i] = fields[i] or '0' end
            return fields
        end
        local function balance(first)
            local own, all = money(tenant), money('')
            return { first, own[1], own[2], own[3], own[4], all[1], all[2], all[3], all[4] }
        end

        """;

    /// <summary>
    /// Keys: month, open, leases. Arguments: id, day, tenant, cost, end of the lease, row, and the four budgets, empty for none. Answers with the number of the
    /// budget without room, 0 for none, and the balance. Sent twice it reserves once.
    /// </summary>
    public const string Reserve =
        """
        local id, day, tenant, cost = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

        """ + Balance +
        """
        if redis.call('HEXISTS', KEYS[2], id) == 0 then
            local before = balance(0)
            local sums = { { before[2], before[4] }, { before[3], before[5] }, { before[6], before[8] }, { before[7], before[9] } }
            for i = 1, 4 do
                local bound = ARGV[6 + i]
                if bound ~= '' and tonumber(sums[i][1]) + tonumber(sums[i][2]) + tonumber(cost) > tonumber(bound) then
                    before[1] = i
                    return before
                end
            end
            for _, who in ipairs({ tenant, '' }) do
                redis.call('HINCRBY', KEYS[1], day .. ':reserved:' .. who, cost)
                redis.call('HINCRBY', KEYS[1], 'mm:reserved:' .. who, cost)
            end
            redis.call('HSET', KEYS[2], id, ARGV[6])
            redis.call('ZADD', KEYS[3], ARGV[5], id)
        end
        return balance(0)
        """;

    /// <summary>
    /// Keys: month, open, leases, tries. Arguments: id, day, tenant, reserved, row, how many rows are kept, and the numbers to add: tries, unsure, released,
    /// input, cached, output, cost. Answers with the balance; nil when there is no such reservation, or it is settled already.
    /// </summary>
    public const string Settle =
        """
        local id, day, tenant, reserved = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

        """ + Balance +
        """
        if redis.call('HDEL', KEYS[2], id) == 0 then return false end
        redis.call('ZREM', KEYS[3], id)
        local back = tonumber(reserved) == 0 and '0' or '-' .. reserved
        for _, who in ipairs({ tenant, '' }) do
            redis.call('HINCRBY', KEYS[1], day .. ':reserved:' .. who, back)
            redis.call('HINCRBY', KEYS[1], 'mm:reserved:' .. who, back)
            for i, name in ipairs({ 'tries', 'unsure', 'released', 'input', 'cached', 'output', 'cost' }) do
                redis.call('HINCRBY', KEYS[1], day .. ':' .. name .. ':' .. who, ARGV[6 + i])
            end
            redis.call('HINCRBY', KEYS[1], 'mm:cost:' .. who, ARGV[13])
        end
        redis.call('LPUSH', KEYS[4], ARGV[5])
        redis.call('LTRIM', KEYS[4], 0, tonumber(ARGV[6]) - 1)
        return balance(0)
        """;
}

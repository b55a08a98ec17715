using System.Collections.Concurrent;
using HybridConversations.Escalations.Endpoints;
using HybridConversations.Escalations.Ledger;
using HybridConversations.Orleans.Storage;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace HybridConversations.Orleans.Escalations;

/// <summary>
/// The ledger of a fleet, in its Redis: one for all its processes, whoever asks an endpoint. Whoever dies leaves reservations behind, which count as spent
/// and are booked at their worst case when their lease is over. What cannot be settled because Redis does not answer is settled when it does.
/// </summary>
internal sealed partial class RedisCostLedger : ICostLedger
{
    private const int KeptTries = 1_000;
    private const int MaxOwed = 10_000;
    private const int RecoverBatch = 100;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookForLost = TimeSpan.FromMinutes(1);

    private readonly Func<Task<IConnectionMultiplexer>> _connect;
    private readonly RedisLedgerKeys _keys;
    private readonly TimeProvider _time;
    private readonly ILogger<RedisCostLedger> _logger;
    private readonly CancellationTokenSource _closed = new();

    // Reservations made here; and of those, the ones whose end Redis does not know yet.
    private readonly ConcurrentDictionary<long, RedisLedgerRow> _open = new();
    private readonly ConcurrentDictionary<long, Settlement> _owed = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _looked = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private Task _paying = Task.CompletedTask;
    private int _disposed;

    /// <param name="connect">The connection, which belongs to the caller.</param>
    /// <param name="service">The fleet's name; the books outlive clusters.</param>
    /// <param name="time">For leases and retries.</param>
    /// <param name="logger">Where to say what went wrong.</param>
    public RedisCostLedger(Func<Task<IConnectionMultiplexer>> connect, string service, TimeProvider time, ILogger<RedisCostLedger> logger) =>
        (_connect, _keys, _time, _logger) = (connect, new RedisLedgerKeys(service), time, logger);

    public async ValueTask<ReservationResult> Reserve(Reservation reservation, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        await Recover(reservation.Endpoint);

        // Made here, so that a call whose answer was lost can be undone.
        var row = RedisLedgerRow.Of(Random.Shared.NextInt64(1, long.MaxValue), reservation);
        _open[row.Id] = row;
        try
        {
            var answer = await Run(RedisLedgerScripts.Reserve, [_keys.Month(row.Endpoint, row.Day), _keys.Open(row.Endpoint), _keys.Leases(row.Endpoint)],
                row.Id, RedisLedgerKeys.DayOf(row.Day), row.Tenant, row.Cost, (reservation.At + reservation.Lease).ToUnixTimeMilliseconds(), row.ToString(),
                Bound(reservation.Budget.Daily), Bound(reservation.Budget.Monthly), Bound(reservation.Budget.TotalDaily), Bound(reservation.Budget.TotalMonthly));
            var balance = ReadBalance(answer);
            if ((int)answer[0] is not (> 0 and var without))
            {
                return new ReservationResult(row.Id, null, balance);
            }

            _open.TryRemove(row.Id, out _);
            return new ReservationResult(0, Refusal(without, reservation, balance, LedgerMoney.ToMoney(row.Cost)), balance);
        }
        catch (ProblemException)
        {
            Owe(row.Id, new Settlement(LedgerState.Released, "not asked", new CloudUsage(0, 0, 0), 0));
            throw;
        }
    }

    public async ValueTask<Balance?> Settle(long id, Settlement settlement)
    {
        if (!_open.TryGetValue(id, out var row))
        {
            return null;
        }

        try
        {
            var balance = await Settle(row, settlement);
            _open.TryRemove(id, out _);
            return balance;
        }
        catch (ProblemException error)
        {
            LogOwed(error, row.Endpoint);
            Owe(id, settlement);
            return null;
        }
    }

    public async ValueTask<Spending> Spent(string endpoint, string? tenant, DateTimeOffset at, CancellationToken cancellationToken = default)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        var (dd, who) = (RedisLedgerKeys.DayOf(day), tenant ?? "");
        var money = await Ask(redis => redis.HashGetAsync(_keys.Month(endpoint, day), [$"{dd}:cost:{who}", $"mm:cost:{who}", $"{dd}:reserved:{who}", $"mm:reserved:{who}"]));
        return new Spending(Money(money[0]), Money(money[1]), Money(money[2]), Money(money[3]));
    }

    public async Task<IReadOnlyList<LedgerDay>> Days(DateOnly from, DateOnly to, string? tenant = null, CancellationToken cancellationToken = default)
    {
        var days = new List<LedgerDay>();
        foreach (var endpoint in await Endpoints())
        {
            foreach (var month in await Months(endpoint, from, to))
            {
                var fields = await Ask(redis => redis.HashGetAllAsync(_keys.Month(endpoint, month)));
                days.AddRange(LedgerDays(endpoint, month, fields).Where(day => day.Day >= from && day.Day <= to && (tenant is null || day.Tenant == tenant)));
            }
        }

        return [.. days.OrderBy(day => day.Day).ThenBy(day => day.Endpoint, StringComparer.Ordinal).ThenBy(day => day.Tenant, StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<LedgerTry>> Tries(int limit, CancellationToken cancellationToken = default)
    {
        var rows = new List<RedisLedgerRow>();
        foreach (var endpoint in await Endpoints())
        {
            rows.AddRange((await Ask(redis => redis.HashValuesAsync(_keys.Open(endpoint)))).Select(row => RedisLedgerRow.Parse(row!)));
            rows.AddRange((await Ask(redis => redis.ListRangeAsync(_keys.Tries(endpoint), 0, limit - 1))).Select(row => RedisLedgerRow.Parse(row!)));
        }

        // Of one endpoint they are in the order in which they ended.
        return [.. rows.OrderByDescending(row => row.At).Take(limit).Select(row => row.Try)];
    }

    /// <summary>Settles what is owed, as far as Redis answers now.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _closed.CancelAsync();
        await _paying;
        await Pay();
        _closed.Dispose();
    }

    private async Task<Balance?> Settle(RedisLedgerRow reserved, Settlement settlement)
    {
        var row = reserved.Settled(settlement);
        var booked = settlement.State != LedgerState.Released;
        var unsure = settlement.State is LedgerState.Estimated or LedgerState.Recovered;
        var answer = await Ask(redis => redis.ScriptEvaluateAsync(RedisLedgerScripts.Settle,
            [_keys.Month(row.Endpoint, row.Day), _keys.Open(row.Endpoint), _keys.Leases(row.Endpoint), _keys.Tries(row.Endpoint)],
            [
                row.Id, RedisLedgerKeys.DayOf(row.Day), row.Tenant, reserved.Cost, row.ToString(), KeptTries,
                booked ? 1 : 0, unsure ? 1 : 0, booked ? 0 : 1, row.Tokens.Input, row.Tokens.Cached, row.Tokens.Output, row.Cost,
            ]));
        return answer.IsNull ? null : ReadBalance((RedisResult[])answer!);
    }

    /// <summary>Books what the dead have left behind, once in a while.</summary>
    private async Task Recover(string endpoint)
    {
        var now = _time.GetUtcNow();
        if (_looked.TryGetValue(endpoint, out var looked) && now - looked < LookForLost)
        {
            return;
        }

        if (looked == default)
        {
            await Ask(redis => redis.SetAddAsync(_keys.Endpoints, endpoint));
        }

        _looked[endpoint] = now;
        var lost = await Ask(redis => redis.SortedSetRangeByScoreAsync(_keys.Leases(endpoint), double.NegativeInfinity, now.ToUnixTimeMilliseconds(), take: RecoverBatch));
        foreach (var id in lost)
        {
            if (await Ask(redis => redis.HashGetAsync(_keys.Open(endpoint), id)) is not { IsNull: false } text)
            {
                continue;
            }

            var row = RedisLedgerRow.Parse(text!);
            await Settle(row, new Settlement(LedgerState.Recovered, "unsettled", row.Tokens, LedgerMoney.ToMoney(row.Cost)));
            LogRecovered(endpoint, row.At);
        }
    }

    /// <summary>Beyond the bound the lease does what can be done: the worst case is booked.</summary>
    private void Owe(long id, Settlement settlement)
    {
        if (_owed.Count >= MaxOwed)
        {
            _open.TryRemove(id, out _);
            return;
        }

        _owed[id] = settlement;
        lock (_lock)
        {
            if (_paying.IsCompleted && !_closed.IsCancellationRequested)
            {
                _paying = Task.Run(PayUntilDone);
            }
        }
    }

    private async Task PayUntilDone()
    {
        try
        {
            do
            {
                await Task.Delay(Retry, _time, _closed.Token);
                await Pay();
            }
            while (!_owed.IsEmpty);
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // The last try is made by whoever closes it.
        }
    }

    private async Task Pay()
    {
        foreach (var (id, settlement) in _owed)
        {
            try
            {
                if (_open.TryGetValue(id, out var row))
                {
                    await Settle(row, settlement);
                }

                _open.TryRemove(id, out _);
                _owed.TryRemove(id, out _);
            }
            catch (ProblemException)
            {
                return; // Redis does not answer yet.
            }
        }
    }

    private async Task<IReadOnlyList<string>> Endpoints() =>
        [.. (await Ask(redis => redis.SetMembersAsync(_keys.Endpoints))).Select(name => name.ToString()).Order(StringComparer.Ordinal)];

    /// <summary>First days of the months of a span that have books: nobody asks Redis for ten thousand empty ones.</summary>
    private async Task<IReadOnlyList<DateOnly>> Months(string endpoint, DateOnly from, DateOnly to)
    {
        var last = DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime).AddMonths(1);
        var first = last.AddYears(-10);
        var months = new List<DateOnly>();
        for (var month = new DateOnly((from > first ? from : first).Year, (from > first ? from : first).Month, 1); month <= to && month <= last; month = month.AddMonths(1))
        {
            months.Add(month);
        }

        var there = await Ask(redis => Task.WhenAll(months.Select(month => redis.KeyExistsAsync(_keys.Month(endpoint, month)))));
        return [.. months.Where((_, i) => there[i])];
    }

    private static IEnumerable<LedgerDay> LedgerDays(string endpoint, DateOnly month, HashEntry[] fields) =>
        from field in fields
        let parts = field.Name.ToString().Split(':', 3)
        where parts is [not "mm", _, { Length: > 0 }]
        group (Name: parts[1], Value: (long)field.Value) by (Day: int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), Tenant: parts[2]) into day
        let sums = day.ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal)
        where sums.ContainsKey("tries")
        select new LedgerDay(new DateOnly(month.Year, month.Month, day.Key.Day), endpoint, day.Key.Tenant, new LedgerTotals(
            (int)sums["tries"], (int)sums["unsure"], (int)sums["released"], sums["input"], sums["cached"], sums["output"], LedgerMoney.ToMoney(sums["cost"])));

    private static BudgetRefusal Refusal(int without, Reservation reservation, Balance balance, decimal asked)
    {
        var who = without > 2 ? balance.All : balance.Tenant;
        return without switch
        {
            1 => new BudgetRefusal(false, false, reservation.Budget.Daily!.Value, who.Today, who.ReservedToday, asked),
            2 => new BudgetRefusal(true, false, reservation.Budget.Monthly!.Value, who.ThisMonth, who.ReservedThisMonth, asked),
            3 => new BudgetRefusal(false, true, reservation.Budget.TotalDaily!.Value, who.Today, who.ReservedToday, asked),
            _ => new BudgetRefusal(true, true, reservation.Budget.TotalMonthly!.Value, who.ThisMonth, who.ReservedThisMonth, asked),
        };
    }

    private static Balance ReadBalance(RedisResult[] answer) => new(Spending(answer, 1), Spending(answer, 5));

    private static Spending Spending(RedisResult[] answer, int at) =>
        new(Money((RedisValue)answer[at]), Money((RedisValue)answer[at + 1]), Money((RedisValue)answer[at + 2]), Money((RedisValue)answer[at + 3]));

    private static decimal Money(RedisValue units) => LedgerMoney.ToMoney(units.IsNull ? 0 : (long)units);

    private static RedisValue Bound(decimal? budget) => budget is { } bound ? LedgerMoney.From(bound) : "";

    private async Task<RedisResult[]> Run(string script, RedisKey[] keys, params RedisValue[] values) =>
        (RedisResult[])(await Ask(redis => redis.ScriptEvaluateAsync(script, keys, values)))!;

    private async Task<T> Ask<T>(Func<IDatabase, Task<T>> ask)
    {
        try
        {
            return await ask((await _connect()).GetDatabase());
        }
        catch (Exception error) when (RedisFailure.Is(error))
        {
            throw new ProblemException(ProblemCodes.Unstored(
                $"Redis, which keeps the fleet's cost ledger, does not answer ({error.Message.ReplaceLineEndings(" ")})", retryAfterMs: 5000), error);
        }
    }

    [LoggerMessage(370, LogLevel.Warning, "What a call of cloud endpoint {Endpoint} has cost cannot be booked yet; its worst case stays reserved until Redis answers")]
    private partial void LogOwed(Exception error, string endpoint);

    [LoggerMessage(371, LogLevel.Warning, "A call of cloud endpoint {Endpoint} from {At} was never settled; it is booked at its worst case")]
    private partial void LogRecovered(string endpoint, DateTimeOffset at);
}

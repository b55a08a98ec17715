using System.Text.Json;
using System.Text.Json.Serialization;
using HybridConversations.Escalations.Endpoints;
using HybridConversations.Escalations.Ledger;

namespace HybridConversations.Orleans.Escalations;

/// <summary>One try as it lies in Redis, under way or settled. It does not say which conversation it was for.</summary>
internal sealed record RedisLedgerRow(long Id, DateTimeOffset At, string Endpoint, string Tenant, LedgerState State, string Outcome, CloudUsage Tokens, long Cost)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    [JsonIgnore]
    public DateOnly Day => DateOnly.FromDateTime(At.UtcDateTime);

    [JsonIgnore]
    public LedgerTry Try => new(Id, At, Endpoint, Tenant, State, Outcome, Tokens, LedgerMoney.ToMoney(Cost));

    public static RedisLedgerRow Of(long id, Reservation r) =>
        new(id, r.At, r.Endpoint, r.Tenant, LedgerState.Reserved, "under way", r.Tokens, LedgerMoney.From(r.Cost));

    public static RedisLedgerRow Parse(string row) => JsonSerializer.Deserialize<RedisLedgerRow>(row, Json)!;

    /// <summary>How it ended. What was released has cost nothing.</summary>
    public RedisLedgerRow Settled(Settlement s) => s.State == LedgerState.Released
        ? this with { State = s.State, Outcome = s.Outcome, Tokens = new CloudUsage(0, 0, 0), Cost = 0 }
        : this with { State = s.State, Outcome = s.Outcome, Tokens = s.Tokens, Cost = LedgerMoney.From(s.Cost) };

    public override string ToString() => JsonSerializer.Serialize(this, Json);
}

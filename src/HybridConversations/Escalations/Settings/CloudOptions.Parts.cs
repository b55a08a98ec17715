using HybridConversations.Escalations.Ledger;

namespace HybridConversations.Escalations.Settings;

/// <summary>Prices of a million tokens, in <see cref="Currency"/>; 0 for a server of one's own.</summary>
public sealed record CloudPrices
{
    /// <summary>Prompt tokens.</summary>
    public decimal Input { get; init; }

    /// <summary>Prompt tokens that the endpoint had cached; null: as <see cref="Input"/>.</summary>
    public decimal? CachedInput { get; init; }

    /// <summary>Reply tokens, hidden reasoning included.</summary>
    public decimal Output { get; init; }

    /// <summary>Only a name for messages; nothing is converted.</summary>
    public string Currency { get; init; } = "USD";

    /// <summary>Cost of a call. Cached tokens are part of the input.</summary>
    public decimal Of(int input, int cached, int output) =>
        ((input - cached) * Input + cached * (CachedInput ?? Input) + output * Output) / 1_000_000m;
}

/// <summary>Milliseconds that anyone waits.</summary>
public sealed record CloudTimeouts
{
    /// <summary>Until the connection stands, TLS included.</summary>
    public int ConnectMs { get; init; } = 3_000;

    /// <summary>From sending a try to its first text. A reasoning model needs more.</summary>
    public int FirstTokenMs { get; init; } = 10_000;

    /// <summary>Between two signs of life of a reply that has begun.</summary>
    public int GapMs { get; init; } = 10_000;

    /// <summary>The whole turn: waiting for a slot, every try and the reply.</summary>
    public int WholeMs { get; init; } = 60_000;
}

/// <summary>How much is asked at once.</summary>
public sealed record CloudLimits
{
    /// <summary>Calls under way at once.</summary>
    public int MaxConcurrent { get; init; } = 8;

    /// <summary>Turns that wait for a slot; one more is refused at once.</summary>
    public int MaxQueued { get; init; } = 32;

    /// <summary>Milliseconds that a turn waits for a slot, or for the token rate, before it is refused.</summary>
    public int QueueMs { get; init; } = 2_000;

    /// <summary>Prompt and reply tokens a minute, as the endpoint's quota has it; null for no limit.</summary>
    public int? TokensPerMinute { get; init; }
}

/// <summary>Tries after a failed one, only before the first text of a reply.</summary>
public sealed record CloudRetry
{
    /// <summary>Tries after the first.</summary>
    public int MaxRetries { get; init; } = 2;

    /// <summary>Milliseconds of the first wait at most; doubled for each further one, and a random share of it is taken.</summary>
    public int BaseDelayMs { get; init; } = 200;

    /// <summary>Milliseconds of one wait at most.</summary>
    public int MaxDelayMs { get; init; } = 2_000;

    /// <summary>The longest <c>Retry-After</c> that a turn waits out, milliseconds. A longer one ends the turn and rests the endpoint.</summary>
    public int MaxRetryAfterMs { get; init; } = 2_000;

    /// <summary>The longest rest that a <c>Retry-After</c> can give the endpoint, milliseconds.</summary>
    public int MaxRestMs { get; init; } = 60_000;
}

/// <summary>When the endpoint is left alone for a while.</summary>
public sealed record CloudBreaker
{
    /// <summary>Share of tries that fail, above 0 to 1, at which the circuit opens.</summary>
    public double FailureRatio { get; init; } = 0.8;

    /// <summary>Tries within <see cref="SamplingMs"/> before it may open, from 2.</summary>
    public int MinimumTries { get; init; } = 8;

    /// <summary>Span over which failures are counted, ms.</summary>
    public int SamplingMs { get; init; } = 30_000;

    /// <summary>Milliseconds that it stays open; then one try decides.</summary>
    public int BreakMs { get; init; } = 15_000;
}

/// <summary>Money that may be spent at this endpoint; null for no bound. Days and months are UTC's.</summary>
public sealed record CloudBudgets
{
    /// <summary>Of each tenant, a day.</summary>
    public decimal? Daily { get; init; }

    /// <summary>Of each tenant, a month.</summary>
    public decimal? Monthly { get; init; }

    /// <summary>Of all tenants together, a day.</summary>
    public decimal? TotalDaily { get; init; }

    /// <summary>Of all tenants together, a month.</summary>
    public decimal? TotalMonthly { get; init; }

    /// <summary>Tenants with a budget of their own, instead of <see cref="Daily"/> and <see cref="Monthly"/>.</summary>
    public IReadOnlyDictionary<string, TenantBudget> Tenants { get; init; } = new Dictionary<string, TenantBudget>();

    /// <summary>What holds for one tenant.</summary>
    public Budget For(string tenant) => Tenants.TryGetValue(tenant, out var own)
        ? new Budget(own.Daily, own.Monthly, TotalDaily, TotalMonthly)
        : new Budget(Daily, Monthly, TotalDaily, TotalMonthly);
}

/// <summary>A tenant's own budget; null for no bound.</summary>
public sealed record TenantBudget(decimal? Daily, decimal? Monthly);

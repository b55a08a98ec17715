using System.Text;
using HybridConversations.Escalations.Ledger;

namespace HybridConversations.Escalations.Settings;

/// <summary>Judges <see cref="CloudOptions"/> whole: every error in one message, with the key, the value and what is allowed.</summary>
public static class CloudOptionsValidator
{
    /// <summary>Throws <see cref="ProblemException"/> (<c>invalid-request</c>) with every error.</summary>
    public static void Validate(CloudOptions options) => ThrowAny(Errors(options));

    /// <summary>Every error; empty when there is none.</summary>
    public static IReadOnlyList<string> Errors(CloudOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new List<string>();
        Endpoint(options, errors);
        Tokens(options, errors);
        Times(options, errors);
        Money(options, errors);
        return errors;
    }

    internal static void ThrowAny(IReadOnlyList<string> errors)
    {
        if (errors.Count == 0)
        {
            return;
        }

        var text = new StringBuilder("The cloud settings are not valid:");
        foreach (var error in errors)
        {
            text.Append("\n- ").Append(error);
        }

        throw new ProblemException(ProblemCodes.InvalidRequest(text.ToString()));
    }

    private static void Endpoint(CloudOptions options, List<string> errors)
    {
        if (options.Name.Length is 0 or > 64 || options.Name.Any(c => !(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.')))
        {
            errors.Add($"name is '{options.Name}': give 1 to 64 of a-z, 0-9, '-', '_' and '.'.");
        }

        var byResource = options.Resource is not null || options.Deployment is not null || options.ApiVersion is not null;
        if (!byResource && (string.IsNullOrWhiteSpace(options.Model) || options.Model.Length > 256))
        {
            errors.Add("model is missing or longer than 256 characters: give the model's name, or the deployment's on Azure, e.g. 'gpt-4o'.");
        }

        if (!Enum.IsDefined(options.Kind))
        {
            errors.Add($"kind is {Kind(options.Kind)}: give openai, azure or compatible.");
        }

        if (!Enum.IsDefined(options.Authentication))
        {
            errors.Add($"authentication is {options.Authentication}: give key, entra-id, optional or none.");
        }

        if (options.Authentication == CloudAuthentication.EntraId && options.Kind != CloudKind.Azure)
        {
            errors.Add($"authentication is entra-id and kind is {Kind(options.Kind)}: Entra ID works with kind azure only; use key.");
        }

        if (options.Kind != CloudKind.Compatible && options.Authentication is CloudAuthentication.None or CloudAuthentication.Optional)
        {
            errors.Add($"authentication is {Authentication(options.Authentication)} and kind is {Kind(options.Kind)}: only a compatible server takes calls without a key; " +
                $"use key{(options.Kind == CloudKind.Azure ? " or entra-id" : "")}.");
        }

        if (options.KeyFile is not null && options.Authentication is CloudAuthentication.EntraId or CloudAuthentication.None)
        {
            errors.Add($"key-file is given and authentication is {Authentication(options.Authentication)}: a key is used with authentication key or optional only.");
        }

        if (byResource)
        {
            AzureResource.Check(options, errors);
        }
        else
        {
            Address(options, errors);
        }
    }

    private static string Kind(CloudKind kind) => kind.ToString().ToLowerInvariant();

    private static string Authentication(CloudAuthentication authentication) =>
        authentication == CloudAuthentication.EntraId ? "entra-id" : authentication.ToString().ToLowerInvariant();

    private static void Address(CloudOptions options, List<string> errors)
    {
        if (options.BaseAddress is not { } address)
        {
            if (options.Kind == CloudKind.Azure)
            {
                errors.Add("base-address is missing: give https://RESOURCE.openai.azure.com/openai/v1/, or resource, deployment and api-version.");
            }
            else if (options.Kind == CloudKind.Compatible)
            {
                errors.Add("base-address is missing: give the server's address up to /v1/, e.g. http://gpu-server:8000/v1/.");
            }

            return;
        }

        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            errors.Add("base-address is not an absolute http or https address.");
            return;
        }

        // The value is not shown: a password may stand in it.
        if (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            errors.Add("base-address holds a user name, a query or a fragment: give scheme, host, port and path only; " +
                "keys come from the environment, user secrets or a file.");
        }
        else if (address.Scheme == Uri.UriSchemeHttp && options.Kind != CloudKind.Compatible && !address.IsLoopback)
        {
            errors.Add($"base-address is {address}: an endpoint of kind {Kind(options.Kind)} is reached over https, or its key would travel in the clear.");
        }
        else if (options.Kind == CloudKind.Azure && !address.IsLoopback && !options.Address.AbsolutePath.EndsWith("/openai/v1/", StringComparison.Ordinal))
        {
            errors.Add($"base-address is {address}: Azure's v1 endpoint ends in /openai/v1/, e.g. https://RESOURCE.openai.azure.com/openai/v1/.");
        }
    }

    private static void Tokens(CloudOptions options, List<string> errors)
    {
        Range(errors, "window", options.WindowTokens, 512, 10_000_000, "tokens");
        Range(errors, "max-output-tokens", options.MaxOutputTokens, 1, 1_000_000, "tokens");
        if (options.MaxOutputTokens >= options.WindowTokens)
        {
            errors.Add($"max-output-tokens is {options.MaxOutputTokens} and window {options.WindowTokens}: the reply must leave room for the prompt.");
        }

        if (!(options.BytesPerToken is >= 1 and <= 8))
        {
            errors.Add($"bytes-per-token is {options.BytesPerToken}: give 1 to 8.");
        }

        if (options.ReasoningEffort is not null && !options.Reasoning)
        {
            errors.Add("reasoning-effort is given and reasoning is false: set it, or leave the effort out.");
        }

        if (options.ReasoningEffort is { } effort && (effort.Length is 0 or > 32 || effort.Any(c => !char.IsAsciiLetterOrDigit(c))))
        {
            errors.Add($"reasoning-effort is '{effort}': give a word such as low, medium or high.");
        }

        if (options.MaxTokensMember is { } member && !Enum.IsDefined(member))
        {
            errors.Add($"max-tokens-member is {member}: give max_completion_tokens or max_tokens.");
        }
    }

    private static void Times(CloudOptions options, List<string> errors)
    {
        const int hour = 3_600_000;
        Range(errors, "timeouts.connect-ms", options.Timeouts.ConnectMs, 1, hour, "ms");
        Range(errors, "timeouts.first-token-ms", options.Timeouts.FirstTokenMs, 1, hour, "ms");
        Range(errors, "timeouts.gap-ms", options.Timeouts.GapMs, 1, hour, "ms");
        Range(errors, "timeouts.whole-ms", options.Timeouts.WholeMs, 1, hour, "ms");
        Range(errors, "limits.max-concurrent", options.Limits.MaxConcurrent, 1, 10_000, "calls");
        Range(errors, "limits.max-queued", options.Limits.MaxQueued, 0, 100_000, "turns");
        Range(errors, "limits.queue-ms", options.Limits.QueueMs, 0, hour, "ms");
        if (options.Limits.TokensPerMinute is { } rate)
        {
            Range(errors, "limits.tokens-per-minute", rate, 1, int.MaxValue, "tokens");
        }

        Range(errors, "retry.max-retries", options.Retry.MaxRetries, 0, 10, "tries");
        Range(errors, "retry.base-delay-ms", options.Retry.BaseDelayMs, 1, hour, "ms");
        Range(errors, "retry.max-delay-ms", options.Retry.MaxDelayMs, options.Retry.BaseDelayMs, hour, "ms");
        Range(errors, "retry.max-retry-after-ms", options.Retry.MaxRetryAfterMs, 0, hour, "ms");
        Range(errors, "retry.max-rest-ms", options.Retry.MaxRestMs, 0, hour, "ms");
        if (!(options.Breaker.FailureRatio is > 0 and <= 1))
        {
            errors.Add($"breaker.failure-ratio is {options.Breaker.FailureRatio}: give a share above 0 to 1.");
        }

        Range(errors, "breaker.minimum-tries", options.Breaker.MinimumTries, 2, 100_000, "tries");
        Range(errors, "breaker.sampling-ms", options.Breaker.SamplingMs, 500, hour, "ms");
        Range(errors, "breaker.break-ms", options.Breaker.BreakMs, 500, hour, "ms");
    }

    private static void Money(CloudOptions options, List<string> errors)
    {
        var prices = options.Prices;
        Price(errors, "prices.input", prices.Input);
        Price(errors, "prices.cached-input", prices.CachedInput);
        Price(errors, "prices.output", prices.Output);
        if (prices.Currency.Length is 0 or > 8)
        {
            errors.Add("prices.currency must have 1 to 8 characters, e.g. USD.");
        }

        var budgets = new List<(string Key, decimal? Value)>
        {
            ("budgets.daily", options.Budgets.Daily), ("budgets.monthly", options.Budgets.Monthly),
            ("budgets.total-daily", options.Budgets.TotalDaily), ("budgets.total-monthly", options.Budgets.TotalMonthly),
        };
        foreach (var (tenant, own) in options.Budgets.Tenants)
        {
            if (tenant.Length is 0 or > Limits.MaxIdCharacters)
            {
                errors.Add($"budgets.tenants has a tenant of {tenant.Length} characters: give 1 to {Limits.MaxIdCharacters}.");
            }

            budgets.Add(($"budgets.tenants['{tenant}'].daily", own.Daily));
            budgets.Add(($"budgets.tenants['{tenant}'].monthly", own.Monthly));
        }

        foreach (var (key, value) in budgets)
        {
            if (value is < 0 or > LedgerMoney.Max)
            {
                errors.Add($"{key} is {value}: give 0 to {LedgerMoney.Max}, or leave it out for no bound.");
            }
        }

        if (prices is { Input: 0, Output: 0 } && budgets.Find(b => b.Value is not null).Key is { } first)
        {
            errors.Add($"{first} is given and prices.input and prices.output are 0: a budget in money needs the endpoint's prices for a million tokens.");
        }
    }

    private static void Price(List<string> errors, string key, decimal? value)
    {
        if (value is < 0 or > 100_000)
        {
            errors.Add($"{key} is {value}: give the price of a million tokens, 0 to 100000.");
        }
    }

    private static void Range(List<string> errors, string key, int value, int least, int most, string unit)
    {
        if (value < least || value > most)
        {
            errors.Add($"{key} is {value}: give {least} to {most} {unit}.");
        }
    }
}

using System.Text;

namespace HybridConversations.Escalations;

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
            return;
        var text = new StringBuilder("The cloud settings are not valid:");
        foreach (var error in errors)
            text.Append("\n- ").Append(error);
        throw new ProblemException(ProblemCodes.InvalidRequest(text.ToString()));
    }

    private static void Endpoint(CloudOptions options, List<string> errors)
    {
        if (options.Name.Length is 0 or > 64 || options.Name.Any(c => !(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.')))
            errors.Add($"Name is '{options.Name}': give 1 to 64 of a-z, 0-9, '-', '_' and '.'.");
        if (string.IsNullOrWhiteSpace(options.Model) || options.Model.Length > 256)
            errors.Add("Model is missing or longer than 256 characters: give the model's name, or the deployment's on Azure, e.g. 'gpt-4o'.");
        if (!Enum.IsDefined(options.Kind))
            errors.Add($"Kind is {options.Kind}: give OpenAI, Azure or Compatible.");
        if (!Enum.IsDefined(options.Authentication))
            errors.Add($"Authentication is {options.Authentication}: give Key, EntraId or None.");
        if (options.Authentication == CloudAuthentication.EntraId && options.Kind != CloudKind.Azure)
            errors.Add($"Authentication is EntraId and Kind is {options.Kind}: Entra ID works with Kind Azure only; use Key.");
        if (options.Authentication == CloudAuthentication.None && options.Kind != CloudKind.Compatible)
            errors.Add($"Authentication is None and Kind is {options.Kind}: only a Compatible server takes calls without a key; use Key{(options.Kind == CloudKind.Azure ? " or EntraId" : "")}.");
        if (options.KeyFile is not null && options.Authentication != CloudAuthentication.Key)
            errors.Add($"KeyFile is given and Authentication is {options.Authentication}: a key is used with Authentication Key only.");
        Address(options, errors);
    }

    private static void Address(CloudOptions options, List<string> errors)
    {
        if (options.BaseAddress is not { } address)
        {
            if (options.Kind == CloudKind.Azure)
                errors.Add("BaseAddress is missing: give https://RESOURCE.openai.azure.com/openai/v1/.");
            else if (options.Kind == CloudKind.Compatible)
                errors.Add("BaseAddress is missing: give the server's address up to /v1/, e.g. http://gpu-server:8000/v1/.");
            return;
        }

        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            errors.Add("BaseAddress is not an absolute http or https address.");
            return;
        }

        // The value is not shown: a password may stand in it.
        if (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
            errors.Add("BaseAddress holds a user name, a query or a fragment: give scheme, host, port and path only; keys come from the environment, user secrets or a file.");
        else if (address.Scheme == Uri.UriSchemeHttp && options.Kind != CloudKind.Compatible && !address.IsLoopback)
            errors.Add($"BaseAddress is {address}: {options.Kind} is reached over https, or its key would travel in the clear.");
        else if (options.Kind == CloudKind.Azure && !address.IsLoopback && !options.Address.AbsolutePath.EndsWith("/openai/v1/", StringComparison.Ordinal))
            errors.Add($"BaseAddress is {address}: Azure's v1 endpoint ends in /openai/v1/, e.g. https://RESOURCE.openai.azure.com/openai/v1/.");
    }

    private static void Tokens(CloudOptions options, List<string> errors)
    {
        Range(errors, "Window", options.WindowTokens, 512, 10_000_000, "tokens");
        Range(errors, "MaxOutputTokens", options.MaxOutputTokens, 1, 1_000_000, "tokens");
        if (options.MaxOutputTokens >= options.WindowTokens)
            errors.Add($"MaxOutputTokens is {options.MaxOutputTokens} and Window {options.WindowTokens}: the reply must leave room for the prompt.");
        if (!(options.BytesPerToken is >= 1 and <= 8))
            errors.Add($"BytesPerToken is {options.BytesPerToken}: give 1 to 8.");
        if (options.ReasoningEffort is not null && !options.Reasoning)
            errors.Add("ReasoningEffort is given and Reasoning is false: set Reasoning, or leave the effort out.");
        if (options.ReasoningEffort is { } effort && (effort.Length is 0 or > 32 || effort.Any(c => !char.IsAsciiLetterOrDigit(c))))
            errors.Add($"ReasoningEffort is '{effort}': give a word such as low, medium or high.");
        if (options.MaxTokensMember is { } member && !Enum.IsDefined(member))
            errors.Add($"MaxTokensMember is {member}: give MaxCompletionTokens or MaxTokens.");
    }

    private static void Times(CloudOptions options, List<string> errors)
    {
        const int hour = 3_600_000;
        Range(errors, "Timeouts.ConnectMs", options.Timeouts.ConnectMs, 1, hour, "ms");
        Range(errors, "Timeouts.FirstTokenMs", options.Timeouts.FirstTokenMs, 1, hour, "ms");
        Range(errors, "Timeouts.GapMs", options.Timeouts.GapMs, 1, hour, "ms");
        Range(errors, "Timeouts.WholeMs", options.Timeouts.WholeMs, 1, hour, "ms");
        Range(errors, "Limits.MaxConcurrent", options.Limits.MaxConcurrent, 1, 10_000, "calls");
        Range(errors, "Limits.MaxQueued", options.Limits.MaxQueued, 0, 100_000, "turns");
        Range(errors, "Limits.QueueMs", options.Limits.QueueMs, 0, hour, "ms");
        if (options.Limits.TokensPerMinute is { } rate)
            Range(errors, "Limits.TokensPerMinute", rate, 1, int.MaxValue, "tokens");
        Range(errors, "Retry.MaxRetries", options.Retry.MaxRetries, 0, 10, "tries");
        Range(errors, "Retry.BaseDelayMs", options.Retry.BaseDelayMs, 1, hour, "ms");
        Range(errors, "Retry.MaxDelayMs", options.Retry.MaxDelayMs, options.Retry.BaseDelayMs, hour, "ms");
        Range(errors, "Retry.MaxRetryAfterMs", options.Retry.MaxRetryAfterMs, 0, hour, "ms");
        Range(errors, "Retry.MaxRestMs", options.Retry.MaxRestMs, 0, hour, "ms");
        if (!(options.Breaker.FailureRatio is > 0 and <= 1))
            errors.Add($"Breaker.FailureRatio is {options.Breaker.FailureRatio}: give a share above 0 to 1.");
        Range(errors, "Breaker.MinimumTries", options.Breaker.MinimumTries, 2, 100_000, "tries");
        Range(errors, "Breaker.SamplingMs", options.Breaker.SamplingMs, 500, hour, "ms");
        Range(errors, "Breaker.BreakMs", options.Breaker.BreakMs, 500, hour, "ms");
    }

    private static void Money(CloudOptions options, List<string> errors)
    {
        var prices = options.Prices;
        Price(errors, "Prices.Input", prices.Input);
        Price(errors, "Prices.CachedInput", prices.CachedInput);
        Price(errors, "Prices.Output", prices.Output);
        if (prices.Currency.Length is 0 or > 8)
            errors.Add("Prices.Currency must have 1 to 8 characters, e.g. USD.");
        var budgets = new List<(string Key, decimal? Value)>
        {
            ("Budgets.Daily", options.Budgets.Daily), ("Budgets.Monthly", options.Budgets.Monthly),
            ("Budgets.TotalDaily", options.Budgets.TotalDaily), ("Budgets.TotalMonthly", options.Budgets.TotalMonthly),
        };
        foreach (var (tenant, own) in options.Budgets.Tenants)
        {
            if (tenant.Length is 0 or > Limits.MaxIdCharacters)
                errors.Add($"Budgets.Tenants has a tenant of {tenant.Length} characters: give 1 to {Limits.MaxIdCharacters}.");
            budgets.Add(($"Budgets.Tenants['{tenant}'].Daily", own.Daily));
            budgets.Add(($"Budgets.Tenants['{tenant}'].Monthly", own.Monthly));
        }

        foreach (var (key, value) in budgets)
        {
            if (value is < 0 or > LedgerMoney.Max)
                errors.Add($"{key} is {value}: give 0 to {LedgerMoney.Max}, or leave it out for no bound.");
        }

        if (prices is { Input: 0, Output: 0 } && budgets.Find(b => b.Value is not null).Key is { } first)
            errors.Add($"{first} is given and Prices.Input and Prices.Output are 0: a budget in money needs the endpoint's prices for a million tokens.");
    }

    private static void Price(List<string> errors, string key, decimal? value)
    {
        if (value is < 0 or > 100_000)
            errors.Add($"{key} is {value}: give the price of a million tokens, 0 to 100000.");
    }

    private static void Range(List<string> errors, string key, int value, int least, int most, string unit)
    {
        if (value < least || value > most)
            errors.Add($"{key} is {value}: give {least} to {most} {unit}.");
    }
}

using HybridConversations.Escalations.Settings;

namespace HybridConversations.Tests.Escalations.Settings;

public sealed class CloudOptionsValidatorTests
{
    private static readonly CloudOptions Good = new() { Model = "gpt-4o", Prices = new CloudPrices { Input = 2.5m, Output = 10 } };

    [Fact]
    public void The_documented_settings_are_valid()
    {
        Assert.Empty(CloudOptionsValidator.Errors(Good));
        Assert.Empty(CloudOptionsValidator.Errors(Good with
        {
            Kind = CloudKind.Azure,
            BaseAddress = new Uri("https://RESOURCE.openai.azure.com/openai/v1/"),
            Authentication = CloudAuthentication.EntraId,
        }));
        Assert.Empty(CloudOptionsValidator.Errors(Good with { Kind = CloudKind.Azure, BaseAddress = new Uri("https://RESOURCE.openai.azure.com/openai/v1") }));
        Assert.Empty(CloudOptionsValidator.Errors(new CloudOptions
        {
            Kind = CloudKind.Compatible,
            BaseAddress = new Uri("http://gpu-server:8000/v1/"),
            Model = "Qwen/Qwen2.5-72B-Instruct",
            Authentication = CloudAuthentication.None,
        }));
    }

    [Fact]
    public void Every_error_comes_in_one_message_with_key_value_and_what_is_allowed()
    {
        var bad = new CloudOptions
        {
            Name = "The Cloud",
            Authentication = CloudAuthentication.None,
            BaseAddress = new Uri("http://api.example.com/v1/"),
            Window = 100,
            BytesPerToken = double.NaN,
            ReasoningEffort = "high",
            Timeouts = new CloudTimeouts { ConnectMs = 0, GapMs = -5 },
            Limits = new CloudLimits { MaxConcurrent = 0, TokensPerMinute = 0 },
            Retry = new CloudRetry { MaxRetries = 99, BaseDelayMs = 500, MaxDelayMs = 100 },
            Breaker = new CloudBreaker { FailureRatio = 2 },
            Budgets = new CloudBudgets { Daily = -1, Tenants = new Dictionary<string, TenantBudget> { [""] = new TenantBudget(1, 2_000_000) } },
        };

        var problem = Assert.Throws<ProblemException>(() => CloudOptionsValidator.Validate(bad)).Problem;

        Assert.Equal(ProblemCodes.Invalid, problem.Code);
        foreach (var key in (string[])["name is 'The Cloud'", "model is missing", "authentication is none", "http://api.example.com/v1/", "window is 100", "max-output-tokens is 1024",
            "bytes-per-token is NaN", "reasoning-effort is given", "timeouts.connect-ms is 0", "timeouts.gap-ms is -5", "limits.max-concurrent is 0", "limits.tokens-per-minute is 0",
            "retry.max-retries is 99: give 0 to 10", "retry.max-delay-ms is 100: give 500", "breaker.failure-ratio is 2", "budgets.daily is -1", "budgets.tenants has a tenant of 0", "budgets.tenants[''].monthly is 2000000",
            "budgets.daily is given and prices"])
        {
            Assert.Contains(key, problem.Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("my-resource", "https://my-resource.openai.azure.com/")]
    [InlineData("https://my-resource.openai.azure.us", "https://my-resource.openai.azure.us/")]
    [InlineData("http://127.0.0.1:5000/", "http://127.0.0.1:5000/")]
    public void An_Azure_resource_is_a_name_or_an_address(string resource, string address)
    {
        var options = new CloudOptions { Kind = CloudKind.Azure, Resource = resource, Deployment = "my-gpt-4o", ApiVersion = "2025-04-01-preview" };
        Assert.Empty(CloudOptionsValidator.Errors(options));
        Assert.Equal(address, options.Address.AbsoluteUri);
        Assert.Empty(CloudOptionsValidator.Errors(options with { Authentication = CloudAuthentication.EntraId, ApiVersion = "2024-10-21", Model = "my-gpt-4o" }));
    }

    [Fact]
    public void Everything_wrong_with_an_Azure_resource_is_said_at_once()
    {
        var errors = CloudOptionsValidator.Errors(new CloudOptions
        {
            Kind = CloudKind.OpenAI,
            BaseAddress = new Uri("https://my-resource.openai.azure.com/openai/v1/"),
            Model = "gpt-4o",
            Resource = "https://my-resource.openai.azure.com/openai/",
            Deployment = "a/b",
            ApiVersion = "2023-05-15",
        });
        foreach (var says in (string[])["kind is not azure", "base-address is given beside", "model is 'gpt-4o' and deployment 'a/b'", "deployment is 'a/b'", "api-version is '2023-05-15'",
            "resource is an address with more than"])
        {
            Assert.Single(errors, e => e.Contains(says, StringComparison.Ordinal));
        }

        var azure = new CloudOptions { Kind = CloudKind.Azure, Deployment = "d", ApiVersion = "2024-10-21" };
        foreach (var (resource, says) in (ReadOnlySpan<(string?, string)>)[(null, "resource is missing"), ("no name!", "resource is missing"), ("http://far.example/", "over https")])
        {
            Assert.Contains(says, Assert.Single(CloudOptionsValidator.Errors(azure with { Resource = resource })), StringComparison.Ordinal);
        }

        Assert.Contains("api-version is '2024-10-21-beta'", Assert.Single(CloudOptionsValidator.Errors(azure with { Resource = "my-resource", ApiVersion = "2024-10-21-beta" })), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://user:password@host/v1/", "user name")]
    [InlineData("https://host/v1/?key=hunter2", "query")]
    [InlineData("ftp://host/v1/", "http or https")]
    [InlineData("/v1/", "http or https")]
    public void An_address_with_secrets_or_another_scheme_is_refused_without_showing_it(string address, string says)
    {
        var error = Assert.Single(CloudOptionsValidator.Errors(Good with { BaseAddress = new Uri(address, UriKind.RelativeOrAbsolute) }));
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.DoesNotContain("password", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CloudKind.Azure)]
    [InlineData(CloudKind.Compatible)]
    public void Only_OpenAI_has_an_address_by_default(CloudKind kind) =>
        Assert.Contains("base-address is missing", Assert.Single(CloudOptionsValidator.Errors(Good with { Kind = kind })), StringComparison.Ordinal);

    [Theory]
    [InlineData(CloudKind.OpenAI, CloudAuthentication.None, false)]
    [InlineData(CloudKind.OpenAI, CloudAuthentication.Optional, false)]
    [InlineData(CloudKind.OpenAI, CloudAuthentication.EntraId, false)]
    [InlineData(CloudKind.OpenAI, CloudAuthentication.Key, true)]
    [InlineData(CloudKind.Azure, CloudAuthentication.EntraId, true)]
    [InlineData(CloudKind.Azure, CloudAuthentication.Optional, false)]
    [InlineData(CloudKind.Compatible, CloudAuthentication.Optional, true)]
    [InlineData(CloudKind.Compatible, CloudAuthentication.EntraId, false)]
    [InlineData(CloudKind.Compatible, CloudAuthentication.Key, true)]
    public void A_kind_knows_its_ways_to_authenticate(CloudKind kind, CloudAuthentication authentication, bool valid) =>
        Assert.Equal(valid, CloudOptionsValidator.Errors(Good with { Kind = kind, Authentication = authentication, BaseAddress = new Uri("https://r/openai/v1/") }).Count == 0);

    [Fact]
    public void Azures_old_address_is_told_from_the_new_one() => Assert.Contains("/openai/v1/",
        Assert.Single(CloudOptionsValidator.Errors(Good with { Kind = CloudKind.Azure, BaseAddress = new Uri("https://r.openai.azure.com/openai/deployments/gpt-4o") })), StringComparison.Ordinal);

    [Fact]
    public void A_price_list_counts_cached_tokens_as_part_of_the_input()
    {
        var prices = new CloudPrices { Input = 2.5m, CachedInput = 1.25m, Output = 10 };
        Assert.Equal(0.0025m * 0.6m + 0.00125m * 0.4m + 0.005m, prices.Of(1_000, 400, 500));
        Assert.Equal(0.0075m, (prices with { CachedInput = null }).Of(1_000, 400, 500));
    }
}

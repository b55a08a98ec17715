using System.Text.Json;
using System.Text.RegularExpressions;
using HybridConversations.Cloud;
using HybridConversations.Escalations.Bridging;
using HybridConversations.Escalations.Settings;
using HybridConversations.Routing;
using HybridConversations.Tests.Common;

namespace HybridConversations.Tests.Cloud;

public sealed partial class CloudSettingsTests
{
    [Fact]
    public void Every_example_in_the_guide_is_valid()
    {
        var guide = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "hybrid.md"));
        var examples = JsonBlocks().Matches(guide).Select(m => JsonDocument.Parse(m.Groups["json"].Value).RootElement).ToList();
        Assert.True(examples.Count >= 4);
        var kinds = new HashSet<CloudKind>();
        foreach (var example in examples)
        {
            if (!example.GetProperty("hc").TryGetProperty("cloud", out var cloud))
            {
                Assert.Empty(RoutingSettings.Read(example.GetProperty("hc").GetProperty("routing")).Validate());
                continue;
            }

            var settings = CloudSettings.Read(cloud);
            Assert.Empty(CloudOptionsValidator.Errors(settings.Cloud));
            Assert.Empty(settings.Bridge.Errors());
            kinds.Add(settings.Cloud.Kind);
        }

        Assert.Equal(3, kinds.Count);
    }

    [Fact]
    public void Every_setting_and_its_default_is_in_the_guide()
    {
        var guide = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "hybrid.md"));
        foreach (var (name, value) in Members("", new CloudOptions()).Concat(Members("bridge.", new BridgeOptions())))
        {
            Assert.True(guide.Contains($"| `{name}` | {value} |", StringComparison.Ordinal), $"docs/hybrid.md lacks a row that begins: | `{name}` | {value} |");
        }
    }

    [Fact]
    public void All_parts_are_read()
    {
        var settings = Read("""
            {"name":"gpu","kind":"compatible","base-address":"http://gpu:8000/v1/","model":"qwen","authentication":"none","window":32768,"max-tokens-member":"max_completion_tokens",
             "prices":{"input":0.5,"cached-input":0.25,"output":1.5,"currency":"EUR"},"timeouts":{"first-token-ms":1},"limits":{"tokens-per-minute":5},"retry":{"max-retries":0},
             "breaker":{"break-ms":600},"budgets":{"daily":1,"tenants":{"a":{"monthly":3}}},"bridge":{"enabled":true,"phrases":["Moment."]}}
            """);
        Assert.Equal(("gpu", CloudKind.Compatible, CloudAuthentication.None, 32768), (settings.Cloud.Name, settings.Cloud.Kind, settings.Cloud.Authentication, settings.Cloud.Window));
        Assert.Equal(MaxTokensMember.MaxCompletionTokens, settings.Cloud.MaxTokensMember);
        Assert.Equal(new CloudPrices { Input = 0.5m, CachedInput = 0.25m, Output = 1.5m, Currency = "EUR" }, settings.Cloud.Prices);
        Assert.Equal((1, 10_000), (settings.Cloud.Timeouts.FirstTokenMs, settings.Cloud.Timeouts.GapMs));
        Assert.Equal((1m, 3m, null), (settings.Cloud.Budgets.Daily, settings.Cloud.Budgets.Tenants["a"].Monthly, settings.Cloud.Budgets.Tenants["a"].Daily));
        Assert.True(settings.Bridge is { Enabled: true, Phrases: ["Moment."], AfterMs: 700 });
    }

    [Fact]
    public void An_Azure_resource_is_read()
    {
        var cloud = Read("""{"kind":"azure","resource":"my-resource","deployment":"my-gpt-4o","api-version":"2024-10-21","authentication":"entra-id"}""").Cloud;
        Assert.Equal(("my-resource", "my-gpt-4o", "2024-10-21"), (cloud.Resource, cloud.Deployment, cloud.ApiVersion));
        Assert.Equal("https://my-resource.openai.azure.com/", cloud.Address.AbsoluteUri);
    }

    [Theory]
    [InlineData("""{"modell":"x"}""", "modell")]
    [InlineData("""{"kind":"google"}""", "$.kind")]
    [InlineData("""{"kind":1}""", "$.kind")]
    [InlineData("""{"timeouts":{"gap-ms":"soon"}}""", "$.timeouts.gap-ms")]
    [InlineData("""{"timeouts":null}""", "timeouts")]
    [InlineData("""{"bridge":{"phrase":1}}""", "phrase")]
    [InlineData("[]", "object")]
    public void What_does_not_exist_or_fit_is_told_with_its_place(string json, string says) =>
        Assert.Contains(says, Assert.Throws<ProblemException>(() => Read(json)).Problem.Detail, StringComparison.Ordinal);

    [Theory]
    [InlineData("key")]
    [InlineData("API-Key")]
    public void A_key_in_the_settings_is_refused_and_not_shown(string member)
    {
        var problem = Assert.Throws<ProblemException>(() => Read($$"""{"{{member}}":"sk-very-secret-value"}""")).Problem;
        Assert.Contains("HC_CLOUD_KEY", problem.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", problem.Detail, StringComparison.Ordinal);
    }

    private static CloudSettings Read(string json) => CloudSettings.Read(JsonDocument.Parse(json).RootElement);

    private static IEnumerable<(string Name, string Value)> Members(string prefix, object options)
    {
        foreach (var property in options.GetType().GetProperties().Where(p => p.CanWrite))
        {
            var name = prefix + JsonNamingPolicy.KebabCaseLower.ConvertName(property.Name);
            var value = property.GetValue(options);
            if (value is CloudPrices or CloudTimeouts or CloudLimits or CloudRetry or CloudBreaker or CloudBudgets)
            {
                foreach (var inner in Members(name + ".", value))
                {
                    yield return inner;
                }
            }
            else
            {
                yield return (name, value switch
                {
                    null or "" => "–",
                    bool b => b ? "true" : "false",
                    Enum e => e.ToString().ToLowerInvariant(),
                    System.Collections.IEnumerable and not string => "…",
                    _ => $"{value}",
                });
            }
        }
    }

    [GeneratedRegex("```json\n(?<json>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex JsonBlocks();
}

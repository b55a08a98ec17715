using System.Text.Json;
using System.Text.RegularExpressions;
using HybridConversations.Tests.Common;

namespace HybridConversations.EndToEnd.Tests.Observability;

/// <summary>What a real server tells Prometheus, against a load whose numbers are known.</summary>
[Collection(Observed.Name)]
public sealed partial class MetricsTests(ObservedServer server)
{
    /// <summary>What only a board with sensors tells; <c>DeviceGaugesTests</c> has one.</summary>
    private static readonly string[] Sensors = ["hc_device_temperature_celsius", "hc_device_power_watts", "hc_device_throttled"];

    [Fact]
    public void Turns_are_counted_by_how_and_where_they_ended()
    {
        Assert.Equal(1, Grown("hc_turns_total", ("hc_turn_state", "completed"), ("hc_route", "local"), ("hc_priority", "voice")));
        Assert.Equal(2, Grown("hc_turns_total", ("hc_turn_state", "completed"), ("hc_route", "local"), ("hc_priority", "interactive")));
        Assert.Equal(1, Grown("hc_turns_total", ("hc_turn_state", "completed"), ("hc_route", "cloud")));
        Assert.Equal(1, Grown("hc_turns_total", ("hc_turn_state", "failed"), ("error_type", "cloud-failed")));
        Assert.Equal(5, Grown("hc_turn_duration_seconds_count"));
    }

    [Fact]
    public void The_model_servers_histograms_count_each_reply_of_the_device()
    {
        Assert.All((string[])["request_duration", "time_to_first_token", "time_per_output_token"], name => Assert.Equal(3, Grown($"gen_ai_server_{name}_seconds_count")));
        Assert.True(Grown("gen_ai_server_time_to_first_token_seconds_sum") <= Grown("gen_ai_server_request_duration_seconds_sum"));
        Assert.Equal(3, Grown("hc_slo_replies_total", ("hc_slo_kept", "true")));
    }

    [Fact]
    public void Tokens_are_those_that_the_replies_tell_of()
    {

        // The token that ends a reply is generated too, and no part of it.
        Assert.InRange(Grown("hc_device_tokens_total", ("hc_token_kind", "generated")), server.Tokens.Generated, server.Tokens.Generated + 3);
        Assert.Equal(server.Tokens.Read, Grown("hc_kv_read_total"));
        Assert.Equal(server.Tokens.Shared, Grown("hc_kv_reused_total", ("hc_kv_tier", "shared_prefix")));
        Assert.True(Grown("hc_kv_reused_total", ("hc_kv_tier", "resident")) > 0);
        Assert.Equal(Grown("hc_engine_steps_total"), Grown("hc_engine_batch_rows_count"));
    }

    [Fact]
    public void The_cloud_is_counted_with_its_money_and_its_budget()
    {
        var spent = Grown("hc_cloud_cost_total", ("hc_tenant", "default"), ("hc_cloud_endpoint", "gpt"));
        Assert.True(spent > 0);
        Assert.Equal(spent, server.After.Sum("hc_cloud_spent", ("hc_period", "day")), 6);
        Assert.Equal((50, 500), (server.After.Sum("hc_cloud_budget", ("hc_period", "day")), server.After.Sum("hc_cloud_budget", ("hc_period", "month"))));
        Assert.Equal(1, Grown("hc_cloud_calls_total", ("hc_outcome", "stop")));
        Assert.Equal(1, Grown("hc_cloud_calls_total", ("hc_outcome", "cloud-failed")));
    }

    [Fact]
    public void Listening_is_counted() => Assert.Equal(1, Grown("hc_listening_drafts_total"));

    /// <summary>Each metric and each label that a query of the Grafana dashboard names is one that a real server tells.</summary>
    [Fact]
    public void The_dashboard_of_Grafana_asks_for_nothing_that_is_not_there()
    {
        var names = server.After.Names.ToHashSet();
        var queries = Queries(JsonElement.Parse(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "deploy", "grafana", "hybrid-conversations.json")))).ToList();
        Assert.True(queries.Count >= 25, $"Only {queries.Count} queries were found.");
        foreach (var query in queries)
        {
            var metrics = Metric().Matches(By().Replace(query, "")).Select(match => (Name: match.Groups["name"].Value, Labels: match.Groups["labels"].Value)).ToList();
            Assert.True(metrics.Count > 0, $"No metric is asked for: {query}");
            var known = new HashSet<string> { "job", "instance" }; // Prometheus adds them
            foreach (var (name, matchers) in metrics)
            {
                Assert.True(names.Contains(name) || Sensors.Contains(name), $"No server tells {name}: {query}");
                var labels = server.After.Labels(name);
                known.UnionWith(labels);
                Assert.All(Matcher().Matches(matchers), matcher => Assert.True(labels.Contains(matcher.Groups["name"].Value) || known.Contains(matcher.Groups["name"].Value), $"{name} has no label {matcher}: {query}"));
            }

            Assert.All(By().Matches(query).SelectMany(by => by.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries)), label => Assert.True(known.Contains(label), $"No label {label}: {query}"));
        }
    }

    private double Grown(string name, params (string Label, string Value)[] having) => server.After.Sum(name, having) - server.Before.Sum(name, having);

    private static IEnumerable<string> Queries(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => member.Name == "expr" ? [member.Value.GetString()!] : Queries(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Queries),
        _ => [],
    };

    [GeneratedRegex(@"\b(?<name>(hc|gen_ai|http|kestrel|process|dotnet)_\w+)(\{(?<labels>[^}]*)\})?(?=[^\w=~!]|$)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Metric();

    [GeneratedRegex(@"(?<name>\w+)\s*(=~|!~|!=|=)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\bby\s*\((?<labels>[^)]*)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex By();
}

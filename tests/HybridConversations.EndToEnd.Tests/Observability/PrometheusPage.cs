using System.Globalization;
using System.Text.RegularExpressions;

namespace HybridConversations.EndToEnd.Tests.Observability;

/// <summary>What <c>/metrics</c> says, read line by line.</summary>
internal sealed partial class PrometheusPage
{
    private readonly List<(string Name, Dictionary<string, string> Labels, double Value)> _series = [];

    public PrometheusPage(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#'))
        {
            var match = Line().Match(line);
            Assert.True(match.Success, $"No series: {line}");
            var labels = Label().Matches(match.Groups["labels"].Value).ToDictionary(label => label.Groups["name"].Value, label => label.Groups["value"].Value);
            _series.Add((match.Groups["metric"].Value, labels, double.Parse(match.Groups["value"].Value.Replace("+Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture)));
        }
    }

    public IEnumerable<string> Names => _series.Select(series => series.Name).Distinct();

    /// <summary>Labels that series of a name have.</summary>
    public IReadOnlySet<string> Labels(string name) => _series.Where(series => series.Name == name).SelectMany(series => series.Labels.Keys).ToHashSet();

    /// <summary>The sum of all series of a name that have these labels.</summary>
    public double Sum(string name, params (string Label, string Value)[] having) =>
        _series.Where(series => series.Name == name && having.All(wanted => series.Labels.GetValueOrDefault(wanted.Label) == wanted.Value)).Sum(series => series.Value);

    [GeneratedRegex(@"^(?<metric>[a-zA-Z_:][\w:]*)(\{(?<labels>.*)\})? (?<value>\S+)( \d+)?( #.*)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Line();

    [GeneratedRegex(@"(?<name>\w+)=""(?<value>(\\.|[^""\\])*)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Label();
}

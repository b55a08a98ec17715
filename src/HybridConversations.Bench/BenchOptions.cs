using HybridConversations.Bench.Scenarios;

namespace HybridConversations.Bench;

/// <summary>What to measure, on which servers.</summary>
public sealed record BenchOptions
{
    /// <summary>Names of scenarios (<c>hc bench --help</c> lists them), or <c>all</c>; in the order in which they run.</summary>
    public IReadOnlyList<string> Scenarios { get; init; } = ["all"];

    /// <summary>Server A.</summary>
    public Uri? Url { get; init; }

    /// <summary>Server B, the peer; null to measure A alone.</summary>
    public Uri? Against { get; init; }

    /// <summary>Runs of each scenario on each server; the table shows their median.</summary>
    public int Runs { get; init; } = 3;

    /// <summary>Model to ask both servers for; null for the first that each lists.</summary>
    public string? Model { get; init; }

    /// <summary>Bearer token, sent to both. Never written to a report.</summary>
    public string? Key { get; init; }

    /// <summary>JSON file to write; null for none.</summary>
    public string? Out { get; init; }

    /// <summary>SVG file of the gaps between tokens in <c>mixed</c>; null for none.</summary>
    public string? Plot { get; init; }

    /// <summary>Shell command that runs server A in the foreground; it is started and killed here. Needed for <c>restart</c>.</summary>
    public string? Start { get; init; }

    /// <summary>The same for server B.</summary>
    public string? StartAgainst { get; init; }

    /// <summary>Hold conversations by <c>/v1/chat/completions</c> with their whole history even where the server has conversations of its own.</summary>
    public bool ChatOnly { get; init; }

    /// <summary>Sampling temperature of every reply, 0 to 2; 0 takes the likeliest token.</summary>
    public double Temperature { get; init; }

    /// <summary>Makes words, sizes and moments repeatable.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How long one answer may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    public BenchSizes Sizes { get; init; } = BenchSizes.Default;

    /// <summary>The command as it was typed, for the report; the key is taken out of it.</summary>
    public IReadOnlyList<string> CommandLine { get; init; } = [];

    /// <summary>Everything that is wrong with these options, one sentence each; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        if (Url is null)
        {
            errors.Add("--url is missing: the address of the server to measure, e.g. --url http://127.0.0.1:5080.");
        }

        CheckUrl("--url", Url, errors);
        CheckUrl("--against", Against, errors);
        if (StartAgainst is not null && Against is null)
        {
            errors.Add("--start-against starts the server of --against: give its address too.");
        }

        if (Runs is < 1 or > 100)
        {
            errors.Add($"--runs {Runs}: allowed are 1 to 100.");
        }

        if (Temperature is not (>= 0 and <= 2))
        {
            errors.Add($"--temperature {Temperature}: allowed are 0 to 2.");
        }

        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromHours(2))
        {
            errors.Add($"--timeout {Timeout.TotalSeconds:0.###}: allowed are 1 to 7200 seconds.");
        }

        ScenarioCatalog.Resolve(Scenarios, errors);
        CheckFile("--out", Out, errors);
        CheckFile("--plot", Plot, errors);
        return errors;
    }

    private static void CheckUrl(string option, Uri? url, List<string> errors)
    {
        if (url is not null && (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)))
        {
            errors.Add($"{option} {url.OriginalString}: write an address with http:// or https://, e.g. http://127.0.0.1:5080.");
        }
    }

    private static void CheckFile(string option, string? file, List<string> errors)
    {
        if (file is not null && Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && !Directory.Exists(folder))
        {
            errors.Add($"{option} {file}: the folder {folder} does not exist.");
        }
    }
}

using HybridConversations.Bench.Http;
using HybridConversations.Bench.Statistics;

namespace HybridConversations.Bench.Reports;

/// <summary>The voices' gaps in one run of <c>mixed</c>: seconds since its beginning, and milliseconds since the token before.</summary>
internal sealed record GapSeries(string Label, string Server, IReadOnlyList<(double Seconds, double GapMs)> Points)
{
    public Samples Gaps => new(Points.Select(point => point.GapMs));

    /// <summary>The last run of each server that gave gaps; empty when <c>mixed</c> did not run.</summary>
    public static IReadOnlyList<GapSeries> Of(BenchReport report)
    {
        var runs = report.Scenarios.FirstOrDefault(scenario => scenario.Name == "mixed")?.Runs ?? [];
        return
        [
            .. report.Targets
                .Select(target => (target, run: runs.LastOrDefault(run => run.Target == target.Label && run.Error is null)))
                .Where(pair => pair.run is not null)
                .Select(pair => new GapSeries(pair.target.Label, ServerName(pair.target), [.. pair.run!.Replies.Where(IsVoice).SelectMany(PointsOf)]))
                .Where(series => series.Points.Count > 0),
        ];
    }

    private static bool IsVoice(ReplyReport reply) => reply is { Role: ReplyReport.Voice, FirstTokenMs: not null };

    private static IEnumerable<(double Seconds, double GapMs)> PointsOf(ReplyReport reply)
    {
        var at = reply.StartMs + reply.FirstTokenMs!.Value;
        foreach (var gap in reply.GapsMs)
        {
            at += gap;
            yield return (at / 1000, gap);
        }
    }

    private static string ServerName(TargetReport target) => target.Kind switch
    {
        TargetKind.HybridConversations => "hc serve",
        TargetKind.LlamaServer => "llama-server",
        _ => target.Url,
    };
}

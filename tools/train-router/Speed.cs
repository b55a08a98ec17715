using System.Diagnostics;
using HybridConversations;
using HybridConversations.Routing;

namespace TrainRouter;

/// <summary>How long a whole decision takes and what it allocates: the chain of policies, a conversation of three turns before it.</summary>
/// <param name="Median">Microseconds.</param>
/// <param name="P99">Microseconds.</param>
/// <param name="Longest">Microseconds for a turn of the greatest length, the median: the whole of it is searched for a wish for privacy.</param>
/// <param name="LongestChinese">The same for Chinese characters, each of which is a word.</param>
/// <param name="Bytes">Allocated by a decision: its record and its reason.</param>
internal sealed record Speed(double Median, double P99, double Longest, double LongestChinese, long Bytes)
{
    private const int Passes = 10;

    public static Speed Of(RouterModels models, IReadOnlyList<string> texts)
    {
        var router = new Router(null, models);
        var warm = Times(router, texts);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var text in texts)
        {
            router.Decide(Request(text));
        }

        // The request, its turn and its status are the caller's.
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var text in texts)
        {
            GC.KeepAlive(Request(text).Turn);
        }

        bytes -= GC.GetAllocatedBytesForCurrentThread() - before;
        var times = Enumerable.Range(0, Passes).SelectMany(_ => Times(router, texts)).Order().ToArray();
        GC.KeepAlive(warm);
        return new Speed(
            times[times.Length / 2],
            times[times.Length * 99 / 100],
            MedianOf(router, "compare kubernetes and nomad "),
            MedianOf(router, "请比较两种数据库的优缺点并说明为什么不同的团队会选择不同的方案。"),
            bytes / texts.Count);
    }

    /// <summary>The median of a turn of the greatest length.</summary>
    private static double MedianOf(Router router, string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, Limits.MaxTurnCharacters / piece.Length));
        return Times(router, [.. Enumerable.Repeat(text, 41)]).Order().ElementAt(20);
    }

    private static double[] Times(Router router, IReadOnlyList<string> texts)
    {
        var times = new double[texts.Count];
        for (var i = 0; i < times.Length; i++)
        {
            var request = Request(texts[i]);
            var start = Stopwatch.GetTimestamp();
            router.Decide(request);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        return times;
    }

    private static RouteRequest Request(string text) => new()
    {
        Turn = new Turn { TurnId = "t", Text = text },
        Recent = Recent,
        Cloud = Cloud,
    };

    private static readonly EscalationStatus Cloud = new("cloud", true, null, 0, 0, 0);
    private static readonly RoutedTurn[] Recent =
    [
        new("what's the weather like tomorrow", RouteTarget.Local, 0),
        new("write me a python script that renames my photos", RouteTarget.Cloud, 0.9),
        new("thanks", RouteTarget.Local, 0),
    ];
}

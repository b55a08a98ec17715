using System.Security;
using System.Text;

namespace HybridConversations.Bench.Reports;

/// <summary>
/// The gaps between the voices' tokens over the time of a run of <c>mixed</c>, a panel for each server on the same scales, as SVG. It draws its own
/// background and follows the reader's light or dark preference.
/// </summary>
internal static class GapPlot
{
    private const int Width = 960;
    private const int Left = 78;
    private const int Right = 24;
    private const int Top = 74;
    private const int PanelHeight = 210;
    private const int PanelGap = 44;
    private const int Bottom = 52;

    /// <summary>Plain colours, since not every viewer knows CSS variables; a browser in the dark takes the second half.</summary>
    private const string Style =
        """
        text { font: 13px system-ui, 'DejaVu Sans', sans-serif; fill: #1f2328 } .title { font-size: 16px; font-weight: 600 } .panel { font-weight: 600 }
        .axis { text-anchor: end } .middle { text-anchor: middle } .paper { fill: #ffffff }
        .grid { stroke: #d1d9e0 } .limit { stroke: #1f2328; stroke-dasharray: 6 4 }
        .A, .B { stroke-width: 3; stroke-linecap: round; fill: none; stroke-opacity: .75 } .A { stroke: #0969da } .B { stroke: #bc4c00 }
        @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3 } .paper { fill: #0d1117 } .grid { stroke: #30363d } .limit { stroke: #e6edf3 } .A { stroke: #58a6ff } .B { stroke: #f0883e } }
        """;

    /// <summary>Null when there is nothing to plot.</summary>
    public static string? Draw(BenchReport report)
    {
        var series = GapSeries.Of(report);
        if (series.Count == 0)
        {
            return null;
        }

        var axes = new GapAxes(series, Width - Left - Right, PanelHeight);
        var height = Top + (series.Count * PanelHeight) + ((series.Count - 1) * PanelGap) + Bottom;
        var svg = new StringBuilder();
        svg.Append($"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" width="{Width}" height="{height}" role="img">
            <title>Gaps between the tokens of voices under mixed load</title>
            <desc>{Escaped(string.Join("; ", series.Select(Caption)))}</desc>
            <style>{Style}</style>
            <rect width="{Width}" height="{height}" class="paper"/>
            <text class="title" x="{Left}" y="26">Gaps between the tokens of voices while long prompts keep arriving</text>

            """);
        Legend(svg, series);
        for (var index = 0; index < series.Count; index++)
        {
            Panel(svg, series[index], axes, Top + (index * (PanelHeight + PanelGap)));
        }

        svg.Append($"""<text class="middle" x="{Left + ((Width - Left - Right) / 2)}" y="{height - 12}">seconds since the beginning of the run</text>""");
        return svg.Append("\n</svg>\n").ToString();
    }

    private static void Legend(StringBuilder svg, IReadOnlyList<GapSeries> series)
    {
        var x = Left;
        foreach (var one in series)
        {
            var text = $"{one.Label} ({one.Server}): one gap";
            svg.Append($"""<path class="{one.Label}" d="M{x + 5} 44h0" style="stroke-width: 8"/><text x="{x + 16}" y="48">{Escaped(text)}</text>""").Append('\n');
            x += 40 + (text.Length * 7);
        }

        svg.Append($"""<path class="limit" d="M{x} 44h28"/><text x="{x + 36}" y="48">99th percentile</text>""").Append('\n');
    }

    private static void Panel(StringBuilder svg, GapSeries series, GapAxes axes, int top)
    {
        svg.Append($"""<g transform="translate({Left} {top})">""").Append('\n');
        svg.Append($"""<text class="panel" x="0" y="-8">{Escaped(Caption(series))}</text>""").Append('\n');
        foreach (var tick in axes.GapTicks)
        {
            svg.Append($"""<path class="grid" d="M0 {axes.Y(tick):0.#}H{Width - Left - Right}"/><text class="axis" x="-8" y="{axes.Y(tick) + 4:0.#}">{tick:#,0.###}</text>""").Append('\n');
        }

        foreach (var tick in axes.TimeTicks)
        {
            svg.Append($"""<path class="grid" d="M{axes.X(tick):0.#} 0V{PanelHeight}"/><text class="middle" x="{axes.X(tick):0.#}" y="{PanelHeight + 17}">{tick:0}</text>""").Append('\n');
        }

        svg.Append($"""<text class="middle" transform="translate(-58 {PanelHeight / 2}) rotate(-90)">gap in milliseconds</text>""").Append('\n');
        svg.Append($"""<path class="{series.Label}" d="{Dots(series, axes)}"/>""").Append('\n');
        if (series.Gaps.Percentile(0.99) is { } high)
        {
            svg.Append($"""<path class="limit" d="M0 {axes.Y(high):0.#}H{Width - Left - Right}"/>""").Append('\n');
        }

        svg.Append("</g>\n");
    }

    /// <summary>A dot for each gap; those that would cover each other to half a pixel are drawn once, which bounds the file.</summary>
    private static string Dots(GapSeries series, GapAxes axes)
    {
        var dots = new StringBuilder();
        var drawn = new HashSet<(int, int)>();
        foreach (var (seconds, gap) in series.Points)
        {
            var dot = ((int)Math.Round(axes.X(seconds) * 2), (int)Math.Round(axes.Y(gap) * 2));
            if (drawn.Add(dot))
            {
                dots.Append($"M{dot.Item1 / 2.0:0.#} {dot.Item2 / 2.0:0.#}h0");
            }
        }

        return dots.ToString();
    }

    private static string Caption(GapSeries series)
    {
        var gaps = series.Gaps;
        return $"{series.Label} ({series.Server}): median {gaps.Median:0.#} ms, 99th percentile {gaps.Percentile(0.99):0.#} ms, longest {gaps.Max:0.#} ms of {gaps.Count} gaps";
    }

    private static string Escaped(string text) => SecurityElement.Escape(text);
}

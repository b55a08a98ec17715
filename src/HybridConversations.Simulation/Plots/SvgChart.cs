using System.Globalization;
using System.Security;
using System.Text;

namespace HybridConversations.Simulation.Plots;

/// <summary>A line chart as SVG, small enough to be read in a diff. Lines may have a band (an interval) around them.</summary>
internal sealed class SvgChart(string title, string xLabel, string yLabel)
{
    private const double Width = 720;
    private const double Height = 420;
    private const double Left = 70;
    private const double Right = 20;
    private const double Top = 44;
    private const double Bottom = 52;
    private static readonly string[] Colors = ["#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf"];
    private readonly List<Series> _series = [];
    private readonly List<(string Name, double Y)> _limits = [];

    /// <summary>Adds a line.</summary>
    /// <param name="name">For the legend.</param>
    /// <param name="points">By rising x.</param>
    /// <param name="band">Low and high at each point; null for none.</param>
    public void Add(string name, IEnumerable<(double X, double Y)> points, IEnumerable<(double Low, double High)>? band = null) =>
        _series.Add(new Series(name, [.. points], band is null ? null : [.. band]));

    /// <summary>Adds a horizontal line.</summary>
    public void AddLimit(string name, double y) => _limits.Add((name, y));

    public string Render()
    {
        var points = _series.SelectMany(series => series.Points).ToList();
        var (minX, maxX) = (points.Min(p => p.X), points.Max(p => p.X));
        var top = Math.Max(points.Max(p => p.Y), Math.Max(_limits.Select(l => l.Y).DefaultIfEmpty(0).Max(), _series.SelectMany(s => s.Band ?? []).Select(b => b.High).DefaultIfEmpty(0).Max()));
        var stepX = Step(maxX - minX);
        var stepY = Step(top);
        var maxY = Math.Max(stepY, Math.Ceiling(top / stepY) * stepY);
        double X(double x) => Left + ((x - minX) / Math.Max(1e-9, maxX - minX) * (Width - Left - Right));
        double Y(double y) => Height - Bottom - (y / maxY * (Height - Top - Bottom));

        var svg = new StringBuilder();
        Append(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        Append(svg, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>");
        Append(svg, $"<text x=\"{Width / 2}\" y=\"20\" text-anchor=\"middle\" font-size=\"14\">{SecurityElement.Escape(title)}</text>");
        for (var y = 0.0; y <= maxY + (stepY / 2); y += stepY)
        {
            Append(svg, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(y):0.#}\" y2=\"{Y(y):0.#}\" stroke=\"#ddd\"/><text x=\"{Left - 6}\" y=\"{Y(y) + 4:0.#}\" text-anchor=\"end\">{y:0.###}</text>");
        }

        for (var x = Math.Ceiling(minX / stepX) * stepX; x <= maxX + (stepX / 1000); x += stepX)
        {
            Append(svg, $"<text x=\"{X(x):0.#}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{x:0.###}</text>");
        }

        Append(svg, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 12}\" text-anchor=\"middle\">{SecurityElement.Escape(xLabel)}</text>");
        Append(svg, $"<text transform=\"translate(16 {(Top + Height - Bottom) / 2}) rotate(-90)\" text-anchor=\"middle\">{SecurityElement.Escape(yLabel)}</text>");
        foreach (var (name, limit) in _limits)
        {
            Append(svg, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(limit):0.#}\" y2=\"{Y(limit):0.#}\" stroke=\"#888\" stroke-dasharray=\"5 4\"/>");
            Append(svg, $"<text x=\"{Width - Right - 4}\" y=\"{Y(limit) - 4:0.#}\" text-anchor=\"end\" fill=\"#555\">{SecurityElement.Escape(name)}</text>");
        }

        for (var i = 0; i < _series.Count; i++)
        {
            var (series, color) = (_series[i], Colors[i % Colors.Length]);
            if (series.Band is { } band)
            {
                var outline = series.Points.Select((p, k) => (p.X, band[k].High)).Concat(series.Points.Select((p, k) => (p.X, band[k].Low)).Reverse());
                Append(svg, $"<polygon points=\"{Path(outline)}\" fill=\"{color}\" opacity=\"0.15\"/>");
            }

            Append(svg, $"<polyline points=\"{Path(series.Points)}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"/>");
            Append(svg, $"<rect x=\"{Left + 10}\" y=\"{Top + (i * 18) - 4}\" width=\"14\" height=\"4\" fill=\"{color}\"/><text x=\"{Left + 30}\" y=\"{Top + (i * 18) + 2}\">{SecurityElement.Escape(series.Name)}</text>");
        }

        return svg.Append("</svg>\n").ToString();

        string Path(IEnumerable<(double X, double Y)> path) => string.Join(' ', path.Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.X):0.#},{Y(p.Y):0.#}")));
    }

    /// <summary>A round distance between two marks: about six of them.</summary>
    private static double Step(double range)
    {
        var rough = Math.Max(1e-9, range) / 6;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return power * (rough / power <= 1 ? 1 : rough / power <= 2 ? 2 : rough / power <= 5 ? 5 : 10);
    }

    private static void Append(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private sealed record Series(string Name, (double X, double Y)[] Points, (double Low, double High)[]? Band);
}

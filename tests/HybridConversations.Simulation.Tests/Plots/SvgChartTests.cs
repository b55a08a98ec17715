using System.Xml.Linq;
using HybridConversations.Simulation.Plots;

namespace HybridConversations.Simulation.Tests.Plots;

public sealed class SvgChartTests
{
    [Fact]
    public void ALineIsDrawnWhereItsPointsAre()
    {
        var chart = new SvgChart("A & B", "x", "y");
        chart.Add("<line>", [(0, 0), (10, 100)], [(0, 0), (90, 110)]);

        var svg = XDocument.Parse(chart.Render());

        var line = svg.Descendants().Single(e => e.Name.LocalName == "polyline").Attribute("points")!.Value;
        Assert.Equal("70,368 700,98", line); // 110 is the band's end, so the axis goes to 120
        Assert.Contains("A & B", svg.Root!.Value, StringComparison.Ordinal);
        Assert.Single(svg.Descendants(), e => e.Name.LocalName == "polygon");
    }
}

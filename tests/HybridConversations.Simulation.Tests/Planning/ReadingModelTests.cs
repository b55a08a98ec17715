using HybridConversations.Simulation.Catalogue;
using HybridConversations.Simulation.Planning;

namespace HybridConversations.Simulation.Tests.Planning;

public sealed class ReadingModelTests
{
    [Fact]
    public void PublishedFiguresComeOut() => Assert.All(
        DeviceCatalogue.Default.Reading, figure => Assert.Contains("yes", ReadingModel.Default.ReadMs(figure.Setup, 512).Contains(512_000 / figure.TokensPerSecond) ? "yes" : figure.ToString(), StringComparison.Ordinal));

    [Fact]
    public void TwiceAsLongAPromptTakesTwiceAsLongAndAFewTokensTakeOneReadOfTheWeights()
    {
        var setup = DeviceCatalogue.Default.Reading[0].Setup;

        Assert.Equal(2, ReadingModel.Default.ReadMs(setup, 2048).Value / ReadingModel.Default.ReadMs(setup, 1024).Value, 6);
        Assert.True(ReadingModel.Default.ReadMs(setup, 1).Value > 0.9 * setup.Quantisation.BytesRead(setup.Model) / (setup.Device.BandwidthGbs * 1e6));
    }
}

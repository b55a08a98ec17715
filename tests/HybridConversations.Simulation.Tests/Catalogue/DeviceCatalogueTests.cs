using HybridConversations.Simulation.Catalogue;

namespace HybridConversations.Simulation.Tests.Catalogue;

public sealed class DeviceCatalogueTests
{
    private static readonly DeviceCatalogue Catalogue = DeviceCatalogue.Default;

    [Fact]
    public void EverythingHasASource()
    {
        Assert.All(Catalogue.Devices, device => Assert.NotEmpty(device.Source));
        Assert.All(Catalogue.Models, model => Assert.NotEmpty(model.Source));
        Assert.All(Catalogue.Quantisations, quantisation => Assert.NotEmpty(quantisation.Source));
        Assert.All(Catalogue.Figures, figure => Assert.NotEmpty(figure.Source));
        Assert.All(Catalogue.Reading, figure => Assert.NotEmpty(figure.Source));
    }

    [Fact]
    public void NoFigureIsBeyondTheHardware() => Assert.All(
        Catalogue.Figures, figure => Assert.True(
            1000.0 * figure.Streams / figure.TokensPerSecond > HybridConversations.Simulation.Planning.Roofline.Of(figure.Setup).StepMs(figure.Setup, figure.Streams, figure.Context), figure.ToString()));

    [Theory]
    [InlineData("llama-3.2-3b-q4_k_m", "llama-3.2-3b", "q4_k_m")]
    [InlineData("LLAMA-3.2-3B-Q8_0", "llama-3.2-3b", "q8_0")]
    [InlineData("qwen2.5-7b", "qwen2.5-7b", "q4_k_m")]
    public void AModelIsNamedWithItsQuantisation(string id, string model, string quantisation)
    {
        var found = Catalogue.Model(id);

        Assert.Equal((model, quantisation), (found.Model.Id, found.Quantisation.Id));
    }

    [Fact]
    public void ADeviceWithoutAModeIsInItsUsualOne()
    {
        Assert.Equal("orin-nx-16gb@maxn", Catalogue.Device("orin-nx-16gb").FullId);
        Assert.Equal(0.408, Catalogue.Device("Orin-NX-16GB@25W").GpuGhz);
    }

    [Fact]
    public void WhatIsNotThereIsAnsweredWithWhatIs()
    {
        Assert.Contains("orin-nx-16gb@maxn-super", Assert.Throws<ArgumentException>(() => Catalogue.Device("orin-nx")).Message, StringComparison.Ordinal);
        Assert.Contains("llama-3.2-3b", Assert.Throws<ArgumentException>(() => Catalogue.Model("llama-3.2-3b-q5")).Message, StringComparison.Ordinal);
    }

    /// <summary>The files' sizes as their publisher lists them, in 10⁹ bytes.</summary>
    [Theory]
    [InlineData("llama-3.2-3b-q4_k_m", 2.02)]
    [InlineData("qwen2.5-7b-q3_k_m", 3.81)]
    [InlineData("qwen2.5-7b-q4_k_m", 4.68)]
    [InlineData("llama-3.2-1b-q4_k_m", 0.81)]
    [InlineData("llama-3.2-3b-q8_0", 3.42)]
    public void SizesAgreeWithTheFiles(string id, double gigabytes)
    {
        var (model, quantisation) = Catalogue.Model(id);

        Assert.InRange(quantisation.BytesHeld(model) / 1e9, gigabytes * 0.95, gigabytes * 1.05);
    }
}

using HybridConversations.Inference.Models;
using HybridConversations.Simulation.Catalogue;
using HybridConversations.Tests.Common;

namespace HybridConversations.Simulation.Tests.Catalogue;

public sealed class ModelSpecTests
{
    [Fact]
    public void AModelFileStatesItsOwnShape()
    {
        var file = GgufFile.Read(RepositoryFiles.DemoModel);

        var model = ModelSpec.Of(file);

        Assert.Equal(file.Number("block_count"), model.Layers);
        Assert.Equal(model.Layers, model.AttentionLayers);
        Assert.Equal(file.Parameters / 1e9, model.ParametersB, 6);
        Assert.True(model.KvBytesPerToken(2) > 0);
    }

    [Fact]
    public void AModelFileStatesWhatItsWeightsTake()
    {
        var file = GgufFile.Read(RepositoryFiles.DemoModel);

        var quantisation = Quantisation.Of(file, DeviceCatalogue.Default);

        Assert.Equal(file.WeightBytes, quantisation.BytesHeld(ModelSpec.Of(file)), file.WeightBytes * 0.01);
    }
}

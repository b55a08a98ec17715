using HybridConversations.Inference.Backends;
using HybridConversations.Inference.LlamaCpp;

namespace HybridConversations.Inference.Tests.LlamaCpp;

public sealed class StreamPlanTests
{
    [Theory]
    [InlineData(KvLayout.Unified, 65_536, 8192, null)]
    [InlineData(KvLayout.Auto, 34_816, 8192, 2048)]
    [InlineData(KvLayout.Auto, 34_815, 8192, null)] // a cell too few for 17 times 2,048
    [InlineData(KvLayout.Auto, 0, 8192, null)]
    [InlineData(KvLayout.Auto, 17_408, 1024, 1024)] // a small model's conversations are whole with less
    [InlineData(KvLayout.Auto, 65_536, 8192, 3840)] // 3,855, in whole pieces of 256
    [InlineData(KvLayout.Separate, 0, 8192, 2048)]
    [InlineData(KvLayout.Separate, 0, 1024, 1024)]
    [InlineData(KvLayout.Separate, 1024, 8192, 256)]
    [InlineData(KvLayout.Separate, 16_384, 8192, 768)]
    public void Each_conversation_gets_its_part_of_the_context(KvLayout layout, int context, int trained, int? each)
    {
        var plan = StreamPlan.Of(new BackendOptions { ModelPath = "m", Layout = layout, Context = context, Streams = 17 }, trained);

        Assert.Equal(each, plan?.CellsPerStream);
        Assert.Equal(each * 17, plan?.Cells);
    }
}

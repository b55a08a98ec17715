using HybridConversations.Inference.Backends;
using HybridConversations.Inference.LlamaCpp;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.LlamaCpp;

public sealed class GpuUseTests : IDisposable
{
    private static readonly LlamaDevice Cpu = new("CPU", "EPYC", 0);
    private static readonly LlamaDevice Orin = new("CUDA0", "Orin", 2);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(-1, "CUDA0 (Orin)")]
    [InlineData(20, "CUDA0 (Orin)")]
    [InlineData(0, "CPU (EPYC)")]
    public void A_gpu_is_used_unless_the_processor_was_asked_for(int layers, string devices) => Assert.Equal(devices, Devices(layers, [Cpu, Orin]));

    [Fact]
    public void Without_a_gpu_the_processor_computes_where_none_was_asked_for() => Assert.Equal("CPU (EPYC)", Devices(-1, [Cpu]));

    [Theory]
    [InlineData(1, "")]
    [InlineData(-1, "libggml-cuda.so")]
    [InlineData(-1, "ggml-vulkan.dll")]
    public void A_gpu_that_was_asked_for_and_is_not_used_is_an_error(int layers, string library)
    {
        if (library.Length > 0)
        {
            _folder.Write(library, []);
        }

        foreach (var (devices, canOffload) in ((LlamaDevice[], bool)[])[([Cpu], true), ([Cpu, Orin], false)])
        {
            var message = Assert.Throws<BackendException>(() => Devices(layers, devices, canOffload)).Message;
            Assert.Contains("found no GPU", message);
            Assert.Contains("Do this.", message);
            Assert.Contains("GpuLayers to 0", message);
        }

        Assert.Equal("CPU (EPYC)", Devices(0, [Cpu]));
    }

    private string Devices(int layers, LlamaDevice[] devices, bool canOffload = true) => GpuUse.Devices(layers, devices, canOffload, [_folder.File("none"), _folder.Path], "Do this.");
}

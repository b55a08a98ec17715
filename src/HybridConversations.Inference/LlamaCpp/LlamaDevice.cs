using System.Runtime.InteropServices;
using System.Text;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>Something ggml can compute on.</summary>
/// <param name="Name">E.g. <c>CPU</c>, <c>CUDA0</c>.</param>
/// <param name="Description">E.g. <c>Orin</c>.</param>
/// <param name="Type"><c>ggml_backend_dev_type</c>: 0 CPU, 1 GPU, 2 GPU that shares the host's memory, 3 accelerator.</param>
internal sealed record LlamaDevice(string Name, string Description, int Type)
{
    public bool IsGpu => Type is 1 or 2;

    public override string ToString() => $"{Name} ({Description})";

    public static unsafe List<LlamaDevice> All()
    {
        var devices = new List<LlamaDevice>();
        for (nuint index = 0; index < LlamaNative.ggml_backend_dev_count(); index++)
        {
            var device = LlamaNative.ggml_backend_dev_get(index);
            devices.Add(new LlamaDevice(
                Text(LlamaNative.ggml_backend_dev_name(device)), Text(LlamaNative.ggml_backend_dev_description(device)), LlamaNative.ggml_backend_dev_type(device)));
        }

        return devices;
    }

    private static unsafe string Text(byte* text) => text is null ? "" : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
}

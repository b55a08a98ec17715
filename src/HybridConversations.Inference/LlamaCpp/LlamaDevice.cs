namespace HybridConversations.Inference.LlamaCpp;

/// <summary>Something ggml can compute on.</summary>
/// <param name="Name">E.g. <c>CPU</c>, <c>CUDA0</c>.</param>
/// <param name="Description">E.g. <c>Orin</c>.</param>
/// <param name="Type"><c>ggml_backend_dev_type</c>: 0 CPU, 1 GPU, 2 GPU that shares the host's memory, 3 accelerator.</param>
internal sealed record LlamaDevice(string Name, string Description, int Type)
{
    public bool IsGpu => Type is 1 or 2;

    public override string ToString() => $"{Name} ({Description})";
}

using HybridConversations.Inference.Models;

namespace HybridConversations.Simulation.Catalogue;

/// <summary>How weights are stored.</summary>
/// <param name="Id">E.g. <c>q4_k_m</c>.</param>
/// <param name="Kernels">Quantisations that the same kernels compute, e.g. <c>4-bit-k</c>.</param>
/// <param name="BodyBits">Bits of a weight in the layers, on average.</param>
/// <param name="HeadBits">Bits of a weight in the output layer.</param>
/// <param name="RelativeCost">Arithmetic that unpacking a weight is expected to take, where no figure says: 1 for an engine's plain 4 bits.</param>
/// <param name="Source">Where the figures are from.</param>
public sealed record Quantisation(string Id, string Kernels, double BodyBits, double HeadBits, double RelativeCost, string Source)
{
    /// <summary>Bytes that one token reads of a model's weights: the layers and the output, not the table of input embeddings.</summary>
    public double BytesRead(ModelSpec model) => 1e9 / 8 * ((model.BodyB * BodyBits) + (model.EmbeddingB * HeadBits));

    /// <summary>Bytes that a model's weights take in memory.</summary>
    public double BytesHeld(ModelSpec model) => BytesRead(model) + (model.Tied ? 0 : 1e9 / 8 * model.EmbeddingB * BodyBits);

    /// <summary>The quantisation of a model file, its bits counted from the tensors; kernels and cost as the catalogue has them for its name.</summary>
    public static Quantisation Of(GgufFile file, DeviceCatalogue catalogue)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(catalogue);
        var embedding = file.Tensors.FirstOrDefault(tensor => tensor.Name == "token_embd.weight");
        var head = file.Tensors.FirstOrDefault(tensor => tensor.Name == "output.weight") ?? embedding;
        var body = file.Tensors.Where(tensor => tensor != head && tensor != embedding).ToList();
        var known = catalogue.Quantisations.FirstOrDefault(q => q.Id.Equals(file.Quantisation, StringComparison.OrdinalIgnoreCase));
        return new Quantisation(
            file.Quantisation.ToLowerInvariant(), known?.Kernels ?? file.Quantisation, Bits(body), head is null ? 16 : Bits([head]), known?.RelativeCost ?? 1, file.Path);

        static double Bits(IReadOnlyCollection<GgufTensor> tensors) => 8.0 * tensors.Sum(tensor => tensor.Bytes) / Math.Max(1, tensors.Sum(tensor => tensor.Elements));
    }

    internal static Quantisation Of(CsvTable.Row row) => new(
        row.Text("id"), row.Text("kernels"), row.Number("body_bits"), row.Number("head_bits"), row.Number("relative_cost"), row.Text("source"));
}

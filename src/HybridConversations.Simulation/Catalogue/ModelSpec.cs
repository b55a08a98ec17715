using HybridConversations.Inference.Models;

namespace HybridConversations.Simulation.Catalogue;

/// <summary>A model's shape: what its speed and its KV memory follow from.</summary>
/// <param name="Id">E.g. <c>llama-3.2-3b</c>.</param>
/// <param name="Name">For people.</param>
/// <param name="Architecture">Models that engines compute alike: <c>dense</c>, <c>hybrid</c>, <c>gemma2</c>, <c>gemma4</c>.</param>
/// <param name="BodyB">Weights of its layers, 10⁹.</param>
/// <param name="EmbeddingB">Weights of the table of its vocabulary, 10⁹.</param>
/// <param name="Tied">The output layer is that same table.</param>
/// <param name="Layers">All of them.</param>
/// <param name="AttentionLayers">Those that keep keys and values of every token.</param>
/// <param name="KvHeads">Heads of keys and values.</param>
/// <param name="HeadDim">Numbers in a head.</param>
/// <param name="TrainedContext">Tokens it was trained for.</param>
/// <param name="Source">Where the figures are from.</param>
public sealed record ModelSpec(
    string Id, string Name, string Architecture, double BodyB, double EmbeddingB, bool Tied, int Layers, int AttentionLayers, int KvHeads, int HeadDim, int TrainedContext, string Source)
{
    /// <summary>Weights that every token is multiplied with, 10⁹: the layers and the output.</summary>
    public double ComputedB => BodyB + EmbeddingB;

    /// <summary>All weights, 10⁹.</summary>
    public double ParametersB => BodyB + (Tied ? EmbeddingB : 2 * EmbeddingB);

    /// <summary>Bytes that the keys and values of one token take.</summary>
    /// <param name="bytesPerNumber">2 for 16 bits, 1.0625 for Q8_0.</param>
    public double KvBytesPerToken(double bytesPerNumber) => 2.0 * AttentionLayers * KvHeads * HeadDim * bytesPerNumber;

    /// <summary>The shape that a model file states.</summary>
    /// <exception cref="ModelFileException">The file is missing, damaged, or does not say enough.</exception>
    public static ModelSpec Of(GgufFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var layers = Required(file, "block_count");
        var heads = Required(file, "attention.head_count");
        var embedding = file.Tensors.FirstOrDefault(tensor => tensor.Name == "token_embd.weight")?.Elements ?? 0;
        var tied = file.Tensors.All(tensor => tensor.Name != "output.weight");
        return new ModelSpec(
            file.Name, file.Name, "dense", (file.Parameters - (embedding * (tied ? 1 : 2))) / 1e9, embedding / 1e9, tied, layers,
            file.Tensors.Count(tensor => tensor.Name.EndsWith("attn_k.weight", StringComparison.Ordinal)), file.Number("attention.head_count_kv") ?? heads,
            file.Number("attention.key_length") ?? Required(file, "embedding_length") / heads, file.ContextLength ?? 0, file.Path);
    }

    internal static ModelSpec Of(CsvTable.Row row) => new(
        row.Text("id"), row.Text("name"), row.Text("architecture"), row.Number("body_b"), row.Number("embedding_b"), row.Text("tied") == "yes", row.Integer("layers"),
        row.Integer("attention_layers"), row.Integer("kv_heads"), row.Integer("head_dim"), row.Integer("trained_context"), row.Text("source"));

    private static int Required(GgufFile file, string key) =>
        file.Number(key) is { } number and > 0 ? number : throw new ModelFileException(file.Path, $"it does not say its {key}, without which nothing can be planned");
}

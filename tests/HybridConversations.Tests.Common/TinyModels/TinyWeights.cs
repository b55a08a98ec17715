namespace HybridConversations.Tests.Common.TinyModels;

/// <summary>Random weights by a seed, so large that signals keep their size from layer to layer.</summary>
internal sealed class TinyWeights(GgufWriter file, int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>Embedding, last norm, and an output of its own: with the embedding's the model would repeat itself.</summary>
    public void Ends(int width, string norm)
    {
        file.Tensor("token_embd.weight", [width, TinyVocabulary.Tokens.Count], _ => 0.3f * Normal());
        Norm(norm, width);
        file.Tensor("output.weight", [width, TinyVocabulary.Tokens.Count], i => TinyVocabulary.IsSaid(i / width) ? 1.5f * Normal() / MathF.Sqrt(width) : 0);
    }

    public void Norm(string name, int width) => Constant(name + ".weight", [width], 1);

    public void Constant(string name, int[] dimensions, float value) => file.Tensor(name, dimensions, _ => value);

    public void Matrix(string name, int from, int to) => file.Tensor(name + ".weight", [from, to], _ => 1.5f * Normal() / MathF.Sqrt(from));

    public void Attention(string at, int width, int headWidth)
    {
        foreach (var name in (string[])["attn_q", "attn_k", "attn_v", "attn_output"])
        {
            Matrix(at + name, width, width);
        }

        Norm(at + "attn_q_norm", headWidth);
        Norm(at + "attn_k_norm", headWidth);
    }

    public void FeedForward(string at, int width, int hidden)
    {
        Norm(at + "ffn_norm", width);
        Matrix(at + "ffn_gate", width, hidden);
        Matrix(at + "ffn_up", width, hidden);
        Matrix(at + "ffn_down", hidden, width);
    }

    private float Normal() => MathF.Sqrt(-2 * MathF.Log(1 - _random.NextSingle())) * MathF.Cos(2 * MathF.PI * _random.NextSingle());
}

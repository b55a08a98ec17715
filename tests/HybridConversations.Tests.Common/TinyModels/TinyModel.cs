namespace HybridConversations.Tests.Common.TinyModels;

/// <summary>
/// Models of a few layers with random weights, one for each way to remember, made when a test asks for one (less than 1 MB, the same on every machine). They talk nonsense, but always the
/// same nonsense after the same words, and every token before counts: what goes on from a wrong state says something else.
/// </summary>
public static class TinyModel
{
    private const int Width = 48;
    private const int Hidden = 96;
    private const int Heads = 3;
    private const int HeadWidth = Width / Heads;

    /// <summary>Tokens that a layer with a sliding window looks back.</summary>
    public const int Window = 128;

    /// <summary>Writes a model of a kind.</summary>
    /// <returns>The path of its file.</returns>
    public static string Write(TinyModelKind kind, string folder)
    {
        var path = Path.Combine(folder, $"tiny-{kind}.gguf".ToLowerInvariant());
        File.WriteAllBytes(path, Make(kind));
        return path;
    }

    private static byte[] Make(TinyModelKind kind) => kind switch
    {
        TinyModelKind.Recurrent => Recurrent(),
        TinyModelKind.Hybrid => Hybrid(),
        _ => SlidingWindow(),
    };

    /// <summary>Mamba: a state of a fixed size, nothing else.</summary>
    private static byte[] Recurrent()
    {
        const int Layers = 3, Kernel = 4, Inner = 2 * Width, State = 8, Rank = 3;
        var file = Begin("mamba", Layers);
        file.Of("feed_forward_length", 0);
        file.Of("attention.head_count", 0);
        file.Of("ssm.conv_kernel", Kernel);
        file.Of("ssm.inner_size", Inner);
        file.Of("ssm.state_size", State);
        file.Of("ssm.time_step_rank", Rank);
        var weights = new TinyWeights(file, 1);
        weights.Ends(Width, "output_norm");
        for (var layer = 0; layer < Layers; layer++)
        {
            var at = $"blk.{layer}.";
            weights.Norm(at + "attn_norm", Width);
            weights.Matrix(at + "ssm_in", Width, 2 * Inner);
            weights.Matrix(at + "ssm_conv1d", Kernel, Inner);
            weights.Constant(at + "ssm_conv1d.bias", [Inner], 0);
            weights.Matrix(at + "ssm_x", Inner, Rank + (2 * State));
            weights.Matrix(at + "ssm_dt", Rank, Inner);
            weights.Constant(at + "ssm_dt.bias", [Inner], -2); // steps of about 0.1: what was said fifty tokens ago still counts
            file.Tensor(at + "ssm_a", [State, Inner], i => -0.2f * (1 + (i % State)));
            weights.Constant(at + "ssm_d", [Inner], 1);
            weights.Matrix(at + "ssm_out", Inner, Width);
        }

        return file.File();
    }

    /// <summary>LFM2: most layers look back two tokens by a state of their own, every third one attends to all.</summary>
    private static byte[] Hybrid()
    {
        const int Layers = 6, Kernel = 3;
        var file = Begin("lfm2", Layers);
        var attends = Enumerable.Range(0, Layers).Select(layer => layer % 3 == 2).ToArray();
        file.Of("feed_forward_length", Hidden);
        file.Of("attention.head_count", Heads);
        file.Of("attention.head_count_kv", [.. attends.Select(attention => attention ? Heads : 0)]);
        file.Of("shortconv.l_cache", Kernel);
        file.Of("rope.freq_base", 10_000f);
        file.Of("vocab_size", (uint)TinyVocabulary.Tokens.Count);
        var weights = new TinyWeights(file, 2);
        weights.Ends(Width, "token_embd_norm");
        for (var layer = 0; layer < Layers; layer++)
        {
            var at = $"blk.{layer}.";
            weights.Norm(at + "attn_norm", Width);
            if (attends[layer])
            {
                weights.Attention(at, Width, HeadWidth);
            }
            else
            {
                weights.Matrix(at + "shortconv.conv", Kernel, Width);
                weights.Matrix(at + "shortconv.in_proj", Width, 3 * Width);
                weights.Matrix(at + "shortconv.out_proj", Width, Width);
            }

            weights.FeedForward(at, Width, Hidden);
        }

        return file.File();
    }

    /// <summary>Gemma 3: five of six layers attend to the last tokens only.</summary>
    private static byte[] SlidingWindow()
    {
        const int Layers = 7;
        var file = Begin("gemma3", Layers);
        file.Of("feed_forward_length", Hidden);
        file.Of("attention.head_count", Heads);
        file.Of("attention.head_count_kv", Heads);
        file.Of("attention.key_length", HeadWidth);
        file.Of("attention.value_length", HeadWidth);
        file.Of("attention.sliding_window", Window);
        file.Of("rope.freq_base", 10_000f);
        var weights = new TinyWeights(file, 3);
        weights.Ends(Width, "output_norm");
        for (var layer = 0; layer < Layers; layer++)
        {
            var at = $"blk.{layer}.";
            weights.Norm(at + "attn_norm", Width);
            weights.Attention(at, Width, HeadWidth);
            weights.Norm(at + "post_attention_norm", Width);
            weights.FeedForward(at, Width, Hidden);
            weights.Norm(at + "post_ffw_norm", Width);
        }

        return file.File();
    }

    private static GgufWriter Begin(string architecture, int layers)
    {
        var file = new GgufWriter(architecture);
        file.Add("general.name", $"Tiny {architecture}, random weights");
        file.Of("context_length", 8192);
        file.Of("embedding_length", Width);
        file.Of("block_count", (uint)layers);
        file.Of("attention.layer_norm_rms_epsilon", 1e-5f);
        TinyVocabulary.Write(file);
        return file;
    }
}

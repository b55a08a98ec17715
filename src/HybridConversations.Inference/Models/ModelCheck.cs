using System.Buffers;

namespace HybridConversations.Inference.Models;

/// <summary>
/// Is a well-formed GGUF file a model that can be handed to native code? llama.cpp trusts much of its metadata (a head count of 0 divides by zero, a score
/// list shorter than the vocabulary is read past its end), so everything that it trusts is checked here first.
/// </summary>
internal static class ModelCheck
{
    private const int MaxLayers = 512;
    private const int MaxWidth = 1 << 20;
    private const int MaxHeads = 4096;
    private const int MaxVocabulary = 1 << 21;
    private const int MaxTokenBytes = 4096;
    private const int MaxTokenType = 6;
    private static readonly string[] NoWeights = ["I8", "I16", "I32", "I64", "F64", "Q8_1", "Q8_K"];
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>Checks a file; returns when it may be loaded.</summary>
    /// <exception cref="ModelFileException">Says the first thing that is wrong.</exception>
    public static void Verify(GgufFile file)
    {
        CheckKind(file);
        CheckShape(file);
        CheckNumbers(file);
        CheckVocabulary(file);
        CheckTensors(file);
    }

    private static void CheckKind(GgufFile file)
    {
        if (file.Architecture is not { Length: > 0 and <= 64 } architecture || architecture.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            throw Wrong(file, "general.architecture is missing or no name of an architecture");
        }

        if (file.Text("general.type") is { } type and not "model" || architecture is "clip")
        {
            throw Wrong(file, $"it is no language model but {(architecture is "clip" ? "an image or audio encoder" : $"of type '{file.Text("general.type")}'")}. Choose the file with the language model itself");
        }

        if (file.Metadata.GetValueOrDefault("split.count") is { Integer: not (0 or 1) } split)
        {
            throw Wrong(file, $"it is one of {split} parts. Join them with llama.cpp's llama-gguf-split --merge");
        }
    }

    private static void CheckShape(GgufFile file)
    {
        var layers = Required(file, "block_count", 1, MaxLayers);
        var width = Required(file, "embedding_length", 1, MaxWidth);
        Required(file, "context_length", 1, int.MaxValue);
        var heads = Layered(file, "attention.head_count", layers, 0, MaxHeads) ?? throw Wrong(file, $"{file.Architecture}.attention.head_count is missing");
        var shared = Layered(file, "attention.head_count_kv", layers, 0, MaxHeads) ?? heads;
        Layered(file, "feed_forward_length", layers, 0, 1 << 24);
        Optional(file, "nextn_predict_layers", 0, layers - 1);
        foreach (var key in (string[])["attention.key_length", "attention.value_length", "rope.dimension_count"])
        {
            Optional(file, key, 1, MaxWidth);
        }

        CheckState(file);
        CheckLayersWithoutAttention(file, layers, layer => heads(layer) == 0 || shared(layer) == 0);
        for (var layer = 0; layer < layers; layer++)
        {
            if (heads(layer) == 0 || shared(layer) == 0)
            {
                continue;
            }

            if (heads(layer) % shared(layer) != 0)
            {
                throw Wrong(file, $"{heads(layer)} attention heads of layer {layer} do not share {shared(layer)} key and value heads evenly");
            }

            if (file.Number("attention.key_length") is null && width % heads(layer) != 0)
            {
                throw Wrong(file, $"a width of {width} does not split into {heads(layer)} heads");
            }
        }

        var keyLength = file.Number("attention.key_length") ?? width / Math.Max(1, Enumerable.Range(0, layers).Max(heads));
        CheckKeysAndValues(file, layers, shared, keyLength);
        if (file.Number("rope.dimension_count") is { } rotated && (rotated > keyLength || rotated % 2 != 0))
        {
            throw Wrong(file, $"{file.Architecture}.rope.dimension_count is {rotated}; an even number up to the head's {keyLength} is allowed");
        }

        var experts = Optional(file, "expert_count", 0, 4096) ?? 0;
        if (Layered(file, "expert_used_count", layers, Math.Min(experts, 1), experts) is null && experts > 0)
        {
            throw Wrong(file, $"{file.Architecture}.expert_used_count is missing");
        }

        if (file.Text($"{file.Architecture}.rope.scaling.type") is { } scaling and not ("none" or "linear" or "yarn" or "longrope"))
        {
            throw Wrong(file, $"{file.Architecture}.rope.scaling.type is '{scaling}'; none, linear, yarn and longrope are known");
        }
    }

    /// <summary>Sizes of what recurrent layers keep; llama.cpp divides by them, or makes tensors of them.</summary>
    private static void CheckState(GgufFile file)
    {
        foreach (var (key, least, most) in ((string, int, int)[])[("ssm.conv_kernel", 2, 256), ("ssm.inner_size", 1, MaxWidth), ("ssm.state_size", 1, MaxWidth), ("ssm.time_step_rank", 1, MaxWidth),
            ("ssm.group_count", 1, MaxHeads), ("shortconv.l_cache", 2, 256), ("wkv.head_size", 1, MaxWidth)])
        {
            Optional(file, key, least, most);
        }
    }

    /// <summary>A layer without attention heads has another way to remember; llama.cpp divides by the heads of one that has none.</summary>
    private static void CheckLayersWithoutAttention(GgufFile file, int layers, Func<int, bool> isWithout)
    {
        if (Enumerable.Range(0, layers).Any(isWithout) && !ModelRecall.Of(file).HasRunningState)
        {
            throw Wrong(file, $"it has layers without attention ({file.Architecture}.attention.head_count is 0 there), and nothing says how they remember");
        }
    }

    /// <summary>No number of the architecture may be negative or huge, no fraction infinite.</summary>
    private static void CheckNumbers(GgufFile file)
    {
        foreach (var (key, value) in file.Metadata)
        {
            if (!key.StartsWith(file.Architecture + ".", StringComparison.Ordinal))
            {
                continue;
            }

            var (least, most) = value.Array is { } array ? (array.Minimum, array.Maximum) : (value.Number ?? 0, value.Number ?? 0);
            if (!double.IsFinite(least) || !double.IsFinite(most) || least < int.MinValue || most > uint.MaxValue)
            {
                throw Wrong(file, $"{key} is {value}, which no model of this kind has");
            }

            var name = key.AsSpan(file.Architecture.Length + 1);
            if ((name is "attention.layer_norm_rms_epsilon" or "attention.layer_norm_epsilon" && (least < 0 || most > 1)) || (name is "rope.freq_base" && least <= 0))
            {
                throw Wrong(file, $"{key} is {value}, which no model of this kind has");
            }
        }
    }

    private static void CheckVocabulary(GgufFile file)
    {
        if (file.Text("tokenizer.ggml.model") is not { Length: > 0 and <= 64 } kind || kind is "no_vocab" or "none")
        {
            throw Wrong(file, "it has no tokenizer (tokenizer.ggml.model)");
        }

        if (file.Metadata.GetValueOrDefault("tokenizer.ggml.tokens")?.Array is not { ElementType: GgufValueType.String, Count: >= 1 and <= MaxVocabulary, Maximum: <= MaxTokenBytes } tokens)
        {
            throw Wrong(file, $"tokenizer.ggml.tokens is missing or no list of 1 to {MaxVocabulary} texts of up to {MaxTokenBytes} bytes");
        }

        if (!tokens.IsDistinct)
        {
            throw Wrong(file, "tokenizer.ggml.tokens holds a token twice");
        }

        CheckList(file, "tokenizer.ggml.scores", GgufValueType.Float32, tokens.Count, float.MinValue, float.MaxValue);
        CheckList(file, "tokenizer.ggml.token_type", GgufValueType.Int32, tokens.Count, 0, MaxTokenType);
        CheckList(file, "tokenizer.ggml.merges", GgufValueType.String, null, 3, 2 * MaxTokenBytes + 1);
        if (kind is "gpt2" && !file.Metadata.ContainsKey("tokenizer.ggml.merges"))
        {
            throw Wrong(file, "tokenizer.ggml.merges is missing");
        }

        foreach (var (key, value) in file.Metadata)
        {
            var isToken = key.StartsWith("tokenizer.ggml.", StringComparison.Ordinal) && key.EndsWith("_token_id", StringComparison.Ordinal);
            if (isToken && (value.Type != GgufValueType.UInt32 || value.Number >= tokens.Count) && value.Number is not (uint.MaxValue or -1))
            {
                throw Wrong(file, $"{key} is {value}, and the tokens are 0 to {tokens.Count - 1}");
            }
        }
    }

    private static void CheckTensors(GgufFile file)
    {
        var (width, tokens) = (file.Number("embedding_length"), file.Metadata["tokenizer.ggml.tokens"].Array!.Count);
        if (file.Tensors.FirstOrDefault(tensor => tensor.Name == "token_embd.weight")?.Dimensions is not [var columns, var rows] || columns != width || rows != tokens)
        {
            throw Wrong(file, $"tensor token_embd.weight is missing or not {width} × {tokens}, the width and the vocabulary that the metadata state");
        }

        foreach (var tensor in file.Tensors)
        {
            // llama.cpp computes with vectors (norms, biases) as they are, and no weights are whole numbers.
            if (tensor.Dimensions.Count == 1 ? tensor.Type.Name != "F32" : NoWeights.Contains(tensor.Type.Name))
            {
                throw Wrong(file, $"tensor {tensor.Name} is stored as {tensor.Type.Name}, as no model stores it");
            }
        }
    }

    /// <summary>llama.cpp makes room for keys and values by the heads of each layer, and reads them from tensors whose rows it took from the first.</summary>
    private static void CheckKeysAndValues(GgufFile file, int layers, Func<int, int> shared, int headLength)
    {
        if (file.Metadata.Keys.Any(key => key.EndsWith("_length_swa", StringComparison.Ordinal) || key.EndsWith("_length_mla", StringComparison.Ordinal)))
        {
            return; // layers differ by more than their heads
        }

        var rows = file.Tensors.Where(tensor => tensor.Dimensions.Count == 2).ToDictionary(tensor => tensor.Name, tensor => tensor.Dimensions[1]);
        for (var layer = 0; layer < layers; layer++)
        {
            foreach (var (name, length) in ((string, int)[])[("k", headLength), ("v", file.Number("attention.value_length") ?? headLength)])
            {
                if (rows.TryGetValue($"blk.{layer}.attn_{name}.weight", out var found) && found != (long)shared(layer) * length)
                {
                    throw Wrong(file, $"tensor blk.{layer}.attn_{name}.weight has {found} rows, and {shared(layer)} heads of {length} are stated");
                }
            }
        }
    }

    private static void CheckList(GgufFile file, string key, GgufValueType type, int? count, double least, double most)
    {
        if (file.Metadata.GetValueOrDefault(key) is { } value
            && (value.Array is not { } list || list.ElementType != type || (count is not null && list.Count != count) || !(list.Minimum >= least || list.Count == 0) || !(list.Maximum <= most || list.Count == 0)))
        {
            throw Wrong(file, $"{key} is {value}; a list of {(count is null ? "" : $"{count} × ")}{type} with values {least} to {most} belongs there");
        }
    }

    private static int Required(GgufFile file, string key, int least, int most) =>
        Optional(file, key, least, most) ?? throw Wrong(file, $"{file.Architecture}.{key} is missing");

    private static int? Optional(GgufFile file, string key, int least, int most) => file.Metadata.GetValueOrDefault($"{file.Architecture}.{key}") switch
    {
        null => null,
        { Type: GgufValueType.UInt32 or GgufValueType.UInt64 or GgufValueType.Int32 or GgufValueType.UInt16, Integer: { } number } when number >= least && number <= most => number,
        var value => throw Wrong(file, $"{file.Architecture}.{key} is {value} ({value.Type}); an integer from {least} to {most} is allowed"),
    };

    /// <summary>A number, or one for each layer; null when it is absent.</summary>
    private static Func<int, int>? Layered(GgufFile file, string key, int layers, int least, int most)
    {
        if (file.Metadata.GetValueOrDefault($"{file.Architecture}.{key}")?.Array is not { } array)
        {
            return Optional(file, key, least, most) is { } number ? _ => number : null;
        }

        if (array.ElementType is not (GgufValueType.UInt32 or GgufValueType.Int32) || array.Numbers is not { } numbers || numbers.Count < layers)
        {
            throw Wrong(file, $"{file.Architecture}.{key} is {array}; {layers} integers belong there");
        }

        return array.Minimum >= least && array.Maximum <= most ? layer => (int)numbers[layer]
            : throw Wrong(file, $"{file.Architecture}.{key} goes from {array.Minimum} to {array.Maximum}; integers from {least} to {most} are allowed");
    }

    private static ModelFileException Wrong(GgufFile file, string what) =>
        new(file.Path, $"{what}. The file is damaged or no model that can run here: download it again and compare its SHA-256.");
}

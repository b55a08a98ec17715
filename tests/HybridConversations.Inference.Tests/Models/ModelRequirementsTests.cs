using HybridConversations.Inference.Models;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.Models;

/// <summary>Well-formed files whose metadata would end the process, or worse, inside native code.</summary>
public sealed class ModelRequirementsTests
{
    [Fact]
    public void The_models_at_hand_pass()
    {
        ModelRequirements.Verify(GgufFile.Read(RepositoryFiles.DemoModel));
        ModelRequirements.Verify(GgufFile.Read(RepositoryFiles.TestModel));
    }

    [Theory]
    [InlineData("general.architecture", "general.architecture")]
    [InlineData("llama.block_count", "llama.block_count is missing")]
    [InlineData("llama.embedding_length", "llama.embedding_length is missing")]
    [InlineData("llama.context_length", "llama.context_length is missing")]
    [InlineData("llama.attention.head_count", "llama.attention.head_count is missing")]
    [InlineData("tokenizer.ggml.model", "no tokenizer")]
    [InlineData("tokenizer.ggml.tokens", "tokenizer.ggml.tokens is missing")]
    [InlineData("tokenizer.ggml.merges", "tokenizer.ggml.merges is missing")]
    public void A_missing_key_is_named(string key, string reason) => Refuses(new GgufEditor().Drop(key), reason);

    [Theory]
    [InlineData("llama.block_count", 0)]
    [InlineData("llama.block_count", 513)]
    [InlineData("llama.embedding_length", 0)]
    [InlineData("llama.embedding_length", uint.MaxValue)]
    [InlineData("llama.context_length", 0)]
    [InlineData("llama.attention.head_count", 0)]
    [InlineData("llama.attention.head_count", 5)]
    [InlineData("llama.attention.head_count_kv", 0)]
    [InlineData("llama.attention.head_count_kv", 2)]
    [InlineData("llama.attention.key_length", 0)]
    [InlineData("llama.rope.dimension_count", 0)]
    [InlineData("llama.rope.dimension_count", 63)]
    [InlineData("llama.rope.dimension_count", 128)]
    [InlineData("llama.nextn_predict_layers", 7)]
    [InlineData("llama.expert_count", 8)]
    [InlineData("llama.expert_used_count", 8)]
    [InlineData("tokenizer.ggml.eos_token_id", 3072)]
    [InlineData("split.count", 3)]
    public void A_number_that_cannot_be_is_named(string key, uint value) =>
        Refuses(new GgufEditor().Set(key, value), key == "split.count" ? "3 parts" : key.Contains("head_count") ? "head" : key.Replace("expert_count", "expert_used_count"));

    [Theory]
    [InlineData("llama.rope.freq_base", 0f)]
    [InlineData("llama.rope.freq_base", float.NaN)]
    [InlineData("llama.rope.freq_base", float.PositiveInfinity)]
    [InlineData("llama.attention.layer_norm_rms_epsilon", -1f)]
    [InlineData("llama.logit_scale", float.NegativeInfinity)]
    public void A_fraction_that_cannot_be_is_named(string key, float value) => Refuses(new GgufEditor().Set(key, value), key);

    [Fact]
    public void A_value_of_the_wrong_type_is_named()
    {
        Refuses(new GgufEditor().Set("llama.block_count", 6f), "llama.block_count is 6 (Float32)");
        Refuses(new GgufEditor().Set("llama.block_count", "6"), "llama.block_count is 6 (String)");
        Refuses(new GgufEditor().Set("tokenizer.ggml.tokens", 1u), "tokenizer.ggml.tokens");
        Refuses(new GgufEditor().Set("tokenizer.ggml.bos_token_id", "0"), "tokenizer.ggml.bos_token_id");
        Refuses(new GgufEditor().Set("tokenizer.ggml.merges", 1, 2), "tokenizer.ggml.merges");
    }

    [Fact]
    public void Lists_must_be_as_long_as_the_vocabulary()
    {
        Refuses(new GgufEditor().Set("tokenizer.ggml.token_type", [.. Enumerable.Repeat(1, 3071)]), "tokenizer.ggml.token_type");
        Refuses(new GgufEditor().Set("tokenizer.ggml.token_type", [.. Enumerable.Repeat(1, 3071), 7]), "tokenizer.ggml.token_type");
        Refuses(new GgufEditor().Set("tokenizer.ggml.scores", GgufValueType.Array, [6, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), "tokenizer.ggml.scores");
        Refuses(new GgufEditor().Set("llama.attention.head_count_kv", 3, 3), "head_count_kv");
        Refuses(new GgufEditor().Set("llama.attention.head_count_kv", 3, 3, 3, 2, 3, 3), "of layer 3 do not share");
        Refuses(new GgufEditor().Set("llama.attention.head_count_kv", 3, 3, 3, 0, 3, 3), "layers without attention");
        Refuses(new GgufEditor().Set("llama.attention.head_count_kv", 3, 3, 3, 1, 3, 3), "blk.3.attn_k.weight has 192 rows, and 1 heads of 64");
        Refuses(new GgufEditor().Set("llama.attention.value_length", 32u), "blk.0.attn_v.weight has 192 rows, and 3 heads of 32");
        Refuses(new GgufEditor().Set("llama.rope.scaling.type", "spiral"), "rope.scaling.type is 'spiral'");
    }

    [Fact]
    public void Tokens_must_be_distinct_as_llama_cpp_reads_them()
    {
        var tokens = Enumerable.Range(0, 3072).Select(index => $"t{index}").ToArray();
        Refuses(Vocabulary(tokens, 5, "t6"), "holds a token twice");
        Refuses(Vocabulary(tokens, 5, "t6\0x"), "holds a token twice");
        (tokens[7], tokens[8]) = ("", "");
        ModelRequirements.Verify(Read(new GgufEditor().Set("tokenizer.ggml.tokens", tokens)));
        Refuses(Vocabulary(tokens, 5, "[EMPTY_7]"), "holds a token twice");
        Refuses(Vocabulary(tokens, 5, new string('x', 5000)), "tokenizer.ggml.tokens");
        Refuses(new GgufEditor().Set("tokenizer.ggml.tokens", tokens[..3000]).Drop("tokenizer.ggml.token_type"), "token_embd.weight");
    }

    [Fact]
    public void A_norm_that_is_no_vector_of_floats_is_named()
    {
        var editor = new GgufEditor();
        var at = editor.Tensors.FindIndex(tensor => tensor.Name == "blk.1.attn_norm.weight");
        BitConverter.TryWriteBytes(editor.Tensors[at].Info.AsSpan(12), 26);

        Refuses(editor, "blk.1.attn_norm.weight is stored as I32");
    }

    [Fact]
    public void Files_that_are_no_language_model_are_named()
    {
        Refuses(new GgufEditor().Set("general.type", "adapter"), "type 'adapter'");
        Refuses(new GgufEditor().Set("general.type", "mmproj").Set("general.architecture", "clip"), "image or audio encoder");
        Refuses(new GgufEditor().Set("general.architecture", "../../x"), "no name of an architecture");
    }

    private static GgufEditor Vocabulary(string[] tokens, int at, string token) =>
        new GgufEditor().Set("tokenizer.ggml.tokens", [.. tokens[..at], token, .. tokens[(at + 1)..]]);

    private static void Refuses(GgufEditor editor, string reason) =>
        Assert.Contains(reason, Assert.Throws<ModelFileException>(() => ModelRequirements.Verify(Read(editor))).Reason);

    private static GgufFile Read(GgufEditor editor) => GgufFile.Read(new MemoryStream(editor.Bytes()), "test.gguf");
}

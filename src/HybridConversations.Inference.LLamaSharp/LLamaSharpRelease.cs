using HybridConversations.Inference.LlamaCpp;

namespace HybridConversations.Inference.LLamaSharp;

/// <summary>The llama.cpp that LLamaSharp 0.30.0's structs belong to. The package states it in a release note only, and checks nothing.</summary>
internal static class LLamaSharpRelease
{
    /// <summary>Of llama.cpp; ggml calls the same tree 815a2a591.</summary>
    public const string Commit = "c0c7e147";

    public static LlamaRelease Value { get; } = new()
    {
        Name = $"llama.cpp {Commit} (ggml 0.18.0)",
        Llama = null,
        Ggml = "0.18.",
        MeasuredCommit = "815a2a591",
        Model = new LlamaStruct(72,
        [
            new("n_gpu_layers", 16, -1), new("split_mode", 20, 1), new("load_mode", 24, 1), new("main_gpu", 28, 0), new("vocab_only … no_host", 64, 0x00010000),
            new("no_alloc, load_mtp", 68, 0, 0xFFFF), .. LlamaMember.Pointers(0, 8, 32, 40, 48, 56),
        ]),
        Context = new LlamaStruct(160,
        [
            new("n_ctx", 0, 512), new("n_batch", 4, 2048), new("n_ubatch", 8, 512), new("n_seq_max", 12, 1), new("n_rs_seq", 16, 0), new("n_outputs_max", 20, 0),
            new("n_threads", 24, 4), new("n_threads_batch", 28, 4), new("ctx_type", 32, 0), new("rope_scaling_type", 36, -1), new("pooling_type", 40, -1),
            new("attention_type", 44, -1), new("flash_attn_type", 48, -1), new("rope_freq_base", 52, 0), new("rope_freq_scale", 56, 0),
            LlamaMember.Float("yarn_ext_factor", 60, -1), LlamaMember.Float("yarn_attn_factor", 64, -1), LlamaMember.Float("yarn_beta_fast", 68, -1),
            LlamaMember.Float("yarn_beta_slow", 72, -1), new("yarn_orig_ctx", 76, 0), LlamaMember.Float("defrag_thold", 80, -1), new("type_k", 104, 1), new("type_v", 108, 1),
            new("embeddings … op_offload", 128, 0x01010100), new("swa_full, kv_unified", 132, 0x0001, 0xFFFF), .. LlamaMember.Pointers(88, 96, 112, 120, 136, 144, 152),
        ]),
        Advice = $"LLamaSharp 0.30.0 belongs to llama.cpp commit {Commit} (ggml 0.18.0). "
            + $"Unset {LlamaLibraryLocator.Variable} for the library that it brings, or build llama.cpp at that commit with shared libraries and set {LlamaLibraryLocator.Variable} to their folder.",
    };
}

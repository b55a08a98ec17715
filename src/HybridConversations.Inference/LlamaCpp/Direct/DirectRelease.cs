namespace HybridConversations.Inference.LlamaCpp.Direct;

/// <summary>The release that <see cref="LlamaNative"/> and <see cref="LlamaModelParams"/> were written for.</summary>
internal static class DirectRelease
{
    public const string Llama = "0.5.0";

    public static LlamaRelease Value { get; } = new()
    {
        Name = "llama.cpp v0.5.0 (ggml 0.25.x)",
        Llama = Llama,
        Ggml = "0.25.",
        MeasuredCommit = "0ad4a86",
        Model = new LlamaStruct(80,
        [
            new("n_gpu_layers", 16, -1), new("split_mode", 20, 1), new("load_mode", 24, -1), new("lazy_mode", 28, 1), new("main_gpu", 32, 0),
            new("vocab_only … no_host", 72, 0x00010000), new("no_alloc, load_mtp", 76, 0, 0xFFFF), .. LlamaMember.Pointers(0, 8, 40, 48, 56, 64),
        ]),
        Context = new LlamaStruct(160,
        [
            new("n_ctx", 0, 512), new("n_batch", 4, 2048), new("n_ubatch", 8, 512), new("n_seq_max", 12, 1), new("n_rs_seq", 16, 0),
            new("n_outputs_max", 20, 0), new("n_outputs_max_per_seq", 24, 1), new("n_threads", 28, 4), new("n_threads_batch", 32, 4),
            new("ctx_type", 36, 0), new("rope_scaling_type", 40, -1), new("pooling_type", 44, -1), new("attention_type", 48, -1), new("flash_attn_type", 52, -1),
            new("rope_freq_base", 56, 0), new("rope_freq_scale", 60, 0), LlamaMember.Float("yarn_ext_factor", 64, -1), LlamaMember.Float("yarn_attn_factor", 68, -1),
            LlamaMember.Float("yarn_beta_fast", 72, -1), LlamaMember.Float("yarn_beta_slow", 76, -1), new("yarn_orig_ctx", 80, 0), LlamaMember.Float("defrag_thold", 84, -1),
            new("type_k", 104, 1), new("type_v", 108, 1), new("embeddings … op_offload", 128, 0x01010100), new("swa_full, kv_unified", 132, 0x0001, 0xFFFF),
            .. LlamaMember.Pointers(88, 96, 112, 120, 136, 144, 152),
        ]),
        Advice = $"These bindings belong to llama.cpp v{Llama} (ggml 0.25.x). "
            + $"Run tools/native/fetch and unset {LlamaLibraryLocator.Variable}, or build llama.cpp at tag v{Llama} and set {LlamaLibraryLocator.Variable} to its folder.",
    };
}

// Stands in for libllama in LlamaLibraryTests: the identity and the default parameters of llama.cpp v0.5.0, and variants of them that must be refused.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef LLAMA
#define LLAMA "0.5.0"
#endif
#ifndef GGML
#define GGML "0.25.1"
#endif

#ifndef NAMELESS
const char *llama_version(void) { return LLAMA; }
const char *ggml_version(void) { return GGML; }
const char *ggml_commit(void) { return "stub"; }
#endif

struct model_params {
    void *devices, *overrides;
    int32_t n_gpu_layers, split_mode;
#ifndef OLD_MODEL
    int32_t load_mode, lazy_mode;
#endif
    int32_t main_gpu;
    const float *tensor_split;
    void *progress, *progress_data, *kv_overrides;
    bool vocab_only, check_tensors, use_extra_bufts, no_host, no_alloc, load_mtp;
#ifdef MORE_MODEL
    int64_t more;
#endif
};

struct context_params {
    uint32_t n_ctx, n_batch, n_ubatch, n_seq_max, n_rs_seq, n_outputs_max;
#ifndef OTHER_CONTEXT
    uint32_t n_outputs_max_per_seq;
#endif
    int32_t n_threads, n_threads_batch, ctx_type, rope, pooling, attention, flash;
    float freq_base, freq_scale, ext, attn, fast, slow;
    uint32_t orig;
    float defrag;
    void *eval, *eval_data;
    int32_t type_k, type_v;
    void *abort, *abort_data;
    bool embeddings, offload_kqv, no_perf, op_offload, swa_full, kv_unified;
    void *samplers;
    size_t n_samplers;
    void *other;
#ifdef MORE_CONTEXT
    int64_t more;
#endif
};

#ifndef NO_DEFAULTS
struct model_params llama_model_default_params(void) {
    struct model_params p = {.n_gpu_layers = -1, .split_mode = 1, .use_extra_bufts = true};
#ifndef OLD_MODEL
    p.load_mode = -1;
    p.lazy_mode = 1;
#endif
    return p;
}
#endif

struct context_params llama_context_default_params(void) {
    struct context_params p = {
        .n_ctx = 512, .n_batch = 2048, .n_ubatch = 512, .n_seq_max = 1, .n_threads = 4, .n_threads_batch = 4, .rope = -1, .pooling = -1,
        .attention = -1, .flash = -1, .ext = -1, .attn = -1, .fast = -1, .slow = -1, .defrag = -1, .type_k = 1, .type_v = 1,
        .offload_kqv = true, .no_perf = true, .op_offload = true, .swa_full = true,
    };
#ifndef OTHER_CONTEXT
    p.n_outputs_max_per_seq = 1;
#endif
    return p;
}

using System.Runtime.InteropServices;

namespace HybridConversations.Inference.LlamaCpp.Direct;

/// <summary>
/// The functions of llama.cpp's C API that are used here, and of the ggml libraries that libllama brings along (its handle finds their symbols too).
/// Call <see cref="DirectRuntime.Load"/> first: it finds, checks and binds the library.
/// </summary>
internal static unsafe partial class LlamaNative
{
    /// <summary>Resolved by <see cref="DirectRuntime"/>, never by the system's search path.</summary>
    public const string Library = "hc-llama";

    [LibraryImport(Library)]
    public static partial void ggml_backend_load_all_from_path([MarshalAs(UnmanagedType.LPUTF8Str)] string folder);

    [LibraryImport(Library)]
    public static partial void llama_backend_init();

    [LibraryImport(Library)]
    public static partial byte llama_supports_gpu_offload();

    [LibraryImport(Library)]
    public static partial LlamaModelParams llama_model_default_params();

    [LibraryImport(Library)]
    public static partial LlamaContextParams llama_context_default_params();

    [LibraryImport(Library)]
    public static partial nint llama_model_load_from_file([MarshalAs(UnmanagedType.LPUTF8Str)] string path, LlamaModelParams parameters);

    [LibraryImport(Library)]
    public static partial void llama_model_free(nint model);

    [LibraryImport(Library)]
    public static partial nint llama_init_from_model(LlamaModelHandle model, LlamaContextParams parameters);

    [LibraryImport(Library)]
    public static partial void llama_free(nint context);

    [LibraryImport(Library)]
    public static partial uint llama_n_ctx(LlamaContextHandle context);

    [LibraryImport(Library)]
    public static partial uint llama_n_batch(LlamaContextHandle context);

    [LibraryImport(Library)]
    public static partial uint llama_n_seq_max(LlamaContextHandle context);

    [LibraryImport(Library)]
    public static partial nint llama_get_memory(LlamaContextHandle context);

    [LibraryImport(Library)]
    public static partial int llama_decode(LlamaContextHandle context, LlamaBatch batch);

    [LibraryImport(Library)]
    public static partial float* llama_get_logits_ith(LlamaContextHandle context, int row);

    [LibraryImport(Library)]
    public static partial byte llama_memory_seq_rm(nint memory, int sequence, int from, int to);

    [LibraryImport(Library)]
    public static partial void llama_memory_seq_cp(nint memory, int source, int target, int from, int to);

    [LibraryImport(Library)]
    public static partial void llama_memory_seq_add(nint memory, int sequence, int from, int to, int delta);

    [LibraryImport(Library)]
    public static partial int llama_memory_seq_pos_min(nint memory, int sequence);

    [LibraryImport(Library)]
    public static partial int llama_memory_seq_pos_max(nint memory, int sequence);

    [LibraryImport(Library)]
    public static partial byte llama_memory_can_shift(nint memory);

    [LibraryImport(Library)]
    public static partial nuint llama_state_seq_get_size(LlamaContextHandle context, int sequence);

    [LibraryImport(Library)]
    public static partial nuint llama_state_seq_get_data(LlamaContextHandle context, byte* destination, nuint size, int sequence);

    [LibraryImport(Library)]
    public static partial nuint llama_state_seq_set_data(LlamaContextHandle context, byte* source, nuint size, int sequence);

    [LibraryImport(Library)]
    public static partial nint llama_model_get_vocab(LlamaModelHandle model);

    [LibraryImport(Library)]
    public static partial int llama_model_n_ctx_train(LlamaModelHandle model);

    [LibraryImport(Library)]
    public static partial ulong llama_model_size(LlamaModelHandle model);

    [LibraryImport(Library)]
    public static partial int llama_model_desc(LlamaModelHandle model, byte* buffer, nuint size);

    [LibraryImport(Library)]
    public static partial byte llama_model_has_encoder(LlamaModelHandle model);

    [LibraryImport(Library)]
    public static partial byte llama_model_has_decoder(LlamaModelHandle model);

    [LibraryImport(Library)]
    public static partial byte llama_model_is_recurrent(LlamaModelHandle model);

    [LibraryImport(Library)]
    public static partial byte llama_model_is_hybrid(LlamaModelHandle model);

    [LibraryImport(Library)]
    public static partial int llama_model_n_swa(LlamaModelHandle model);

    [LibraryImport(Library)]
    public static partial byte llama_model_is_diffusion(LlamaModelHandle model);

    [LibraryImport(Library)]
    public static partial int llama_vocab_n_tokens(nint vocabulary);

    [LibraryImport(Library)]
    public static partial int llama_vocab_type(nint vocabulary);

    [LibraryImport(Library)]
    public static partial byte llama_vocab_get_add_bos(nint vocabulary);

    [LibraryImport(Library)]
    public static partial byte llama_vocab_get_add_eos(nint vocabulary);

    [LibraryImport(Library)]
    public static partial int llama_vocab_bos(nint vocabulary);

    [LibraryImport(Library)]
    public static partial int llama_vocab_eos(nint vocabulary);

    [LibraryImport(Library)]
    public static partial byte llama_vocab_is_eog(nint vocabulary, int token);

    [LibraryImport(Library)]
    public static partial byte llama_vocab_is_control(nint vocabulary, int token);

    [LibraryImport(Library)]
    public static partial int llama_token_to_piece(nint vocabulary, int token, byte* buffer, int length, int stripLeft, byte special);
}

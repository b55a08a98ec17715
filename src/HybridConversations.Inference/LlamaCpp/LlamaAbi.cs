using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>
/// Is a library the llama.cpp that these bindings were written for? The C API changes layout without changing names or sizes (four layouts in 2026
/// alone), so a wrong library would not fail: it would compute nonsense. What is compared: the release, the parts of the identity that ggml states, and
/// every default of the two parameter structs.
/// </summary>
internal static unsafe class LlamaAbi
{
    public const string Release = "0.5.0";
    public const string GgmlRelease = "0.25.";

    /// <summary>ggml commit of the prebuilt libraries that everything here was measured with.</summary>
    public const string MeasuredCommit = "0ad4a86";

    private const int ModelParamsSize = 80;
    private const int ContextParamsSize = 160;
    private const int Oversized = 512;
    private const byte Untouched = 0xA5;

    private static readonly Member[] ModelDefaults =
    [
        new("n_gpu_layers", 16, -1), new("split_mode", 20, 1), new("load_mode", 24, -1), new("lazy_mode", 28, 1), new("main_gpu", 32, 0),
        new("vocab_only … no_host", 72, 0x00010000), new("no_alloc, load_mtp", 76, 0, 0xFFFF), .. Pointers(0, 8, 40, 48, 56, 64),
    ];

    private static readonly Member[] ContextDefaults =
    [
        new("n_ctx", 0, 512), new("n_batch", 4, 2048), new("n_ubatch", 8, 512), new("n_seq_max", 12, 1), new("n_rs_seq", 16, 0),
        new("n_outputs_max", 20, 0), new("n_outputs_max_per_seq", 24, 1), new("n_threads", 28, 4), new("n_threads_batch", 32, 4),
        new("ctx_type", 36, 0), new("rope_scaling_type", 40, -1), new("pooling_type", 44, -1), new("attention_type", 48, -1), new("flash_attn_type", 52, -1),
        new("rope_freq_base", 56, 0), new("rope_freq_scale", 60, 0), Float("yarn_ext_factor", 64, -1), Float("yarn_attn_factor", 68, -1),
        Float("yarn_beta_fast", 72, -1), Float("yarn_beta_slow", 76, -1), new("yarn_orig_ctx", 80, 0), Float("defrag_thold", 84, -1),
        new("type_k", 104, 1), new("type_v", 108, 1), new("embeddings … op_offload", 128, 0x01010100), new("swa_full, kv_unified", 132, 0x0001, 0xFFFF),
        .. Pointers(88, 96, 112, 120, 136, 144, 152),
    ];

    /// <summary>Checks a loaded library and says who it is.</summary>
    /// <exception cref="BackendException">It is another release, or lays out its structs differently.</exception>
    public static LlamaIdentity Verify(nint library, string path)
    {
        var identity = new LlamaIdentity(Text(library, "llama_version"), Text(library, "ggml_version"), Text(library, "ggml_commit"));
        if (identity.Llama is null || identity.Ggml is null)
        {
            throw Refuse(path, "it does not say which release it is, so it is no llama.cpp or one from before v0.5.0");
        }

        if (identity.Llama != Release && !identity.Llama.StartsWith(Release + "-", StringComparison.Ordinal))
        {
            throw Refuse(path, $"it is llama.cpp {identity.Llama}");
        }

        if (!identity.Ggml.StartsWith(GgmlRelease, StringComparison.Ordinal))
        {
            throw Refuse(path, $"it brings ggml {identity.Ggml} where {GgmlRelease}x belongs");
        }

        var model = Defaults(library, path, "llama_model_default_params", sizeof(LlamaModelParams));
        Compare(path, "llama_model_params", model, ModelParamsSize, ModelDefaults);
        var context = Defaults(library, path, "llama_context_default_params", sizeof(LlamaContextParams));
        Compare(path, "llama_context_params", context, ContextParamsSize, ContextDefaults);
        return identity;
    }

    /// <summary>The bytes that a <c>*_default_params</c> function writes, and the fill byte where it writes none.</summary>
    private static byte[] Defaults(nint library, string path, string function, int size)
    {
        if (!NativeLibrary.TryGetExport(library, function, out var address))
        {
            throw Refuse(path, $"it has no {function}");
        }

        var bytes = new byte[Oversized];
        if (RuntimeInformation.ProcessArchitecture == Architecture.X64 && !OperatingSystem.IsWindows())
        {
            // System V passes the address of a large result as a hidden first argument: a larger struct than ours would be seen.
            bytes.AsSpan().Fill(Untouched);
            fixed (byte* target = bytes)
            {
                ((delegate* unmanaged[Cdecl]<byte*, void*>)address)(target);
            }
        }
        else
        {
            // Elsewhere the result can only be taken as a struct; what lies behind the expected size cannot be told apart from noise.
            var result = ((delegate* unmanaged[Cdecl]<OversizedResult>)address)();
            new ReadOnlySpan<byte>(&result, size).CopyTo(bytes);
            bytes.AsSpan(size).Fill(Untouched);
        }

        return bytes;
    }

    private static void Compare(string path, string name, byte[] bytes, int size, Member[] defaults)
    {
        foreach (var member in defaults)
        {
            var value = BitConverter.ToUInt32(bytes, member.Offset) & member.Mask;
            if (value != ((uint)member.Value & member.Mask))
            {
                throw Refuse(path, $"{name}.{member.Name} at byte {member.Offset} is {(int)value} by default where {member.Value} belongs, so its structs are laid out differently");
            }
        }

        if (bytes.AsSpan(size).ContainsAnyExcept(Untouched))
        {
            throw Refuse(path, $"{name} is larger than {size} bytes");
        }
    }

    private static string? Text(nint library, string function) =>
        NativeLibrary.TryGetExport(library, function, out var address)
        && ((delegate* unmanaged[Cdecl]<byte*>)address)() is var text && text is not null
            ? Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text)) : null;

    private static BackendException Refuse(string path, string why) => new(
        $"{path} cannot be used: {why}. These bindings belong to llama.cpp v{Release} (ggml {GgmlRelease}x). "
        + $"Run tools/native/fetch and unset {LlamaLibraryLocator.Variable}, or build llama.cpp at tag v{Release} and set {LlamaLibraryLocator.Variable} to its folder.");

    private static Member Float(string name, int offset, float value) => new(name, offset, BitConverter.SingleToInt32Bits(value));

    private static IEnumerable<Member> Pointers(params int[] offsets) =>
        offsets.SelectMany(offset => new Member[] { new("(pointer, low half)", offset, 0), new("(pointer, high half)", offset + 4, 0) });

    private readonly record struct Member(string Name, int Offset, int Value, uint Mask = uint.MaxValue);

    [InlineArray(Oversized)]
    private struct OversizedResult
    {
        private byte _first;
    }
}

/// <summary>What a library says of itself.</summary>
internal readonly record struct LlamaIdentity(string? Llama, string? Ggml, string? Commit);

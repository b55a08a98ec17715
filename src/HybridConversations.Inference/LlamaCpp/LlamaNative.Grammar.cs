using System.Runtime.InteropServices;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>llama.cpp's grammar sampler.</summary>
internal static unsafe partial class LlamaNative
{
    [LibraryImport(Library)]
    public static partial nint llama_sampler_init_grammar(
        nint vocabulary, [MarshalAs(UnmanagedType.LPUTF8Str)] string grammar, [MarshalAs(UnmanagedType.LPUTF8Str)] string root);

    [LibraryImport(Library)]
    public static partial void llama_sampler_apply(LlamaGrammarHandle sampler, LlamaTokenDataArray* candidates);

    [LibraryImport(Library)]
    public static partial void llama_sampler_accept(LlamaGrammarHandle sampler, int token);

    [LibraryImport(Library)]
    public static partial void llama_sampler_free(nint sampler);
}

/// <summary><c>llama_token_data</c>, 12 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LlamaTokenData
{
    public int Id;
    public float Logit;
    public float Probability;
}

/// <summary><c>llama_token_data_array</c>, 32 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LlamaTokenDataArray
{
    public LlamaTokenData* Data;
    public nuint Size;
    public long Selected;
    public byte Sorted;
}

/// <summary>A grammar sampler (<c>llama_sampler *</c>).</summary>
internal sealed class LlamaGrammarHandle : SafeHandle
{
    public LlamaGrammarHandle(nint sampler)
        : base(0, ownsHandle: true) => SetHandle(sampler);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LlamaNative.llama_sampler_free(handle);
        return true;
    }
}

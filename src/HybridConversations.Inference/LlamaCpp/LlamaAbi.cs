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
    private const int Oversized = 512;
    private const byte Untouched = 0xA5;

    /// <summary>Checks a loaded library and says who it is.</summary>
    /// <param name="library">Its handle.</param>
    /// <param name="path">For the messages.</param>
    /// <param name="release">What it must be.</param>
    /// <exception cref="BackendException">It is another release, or lays out its structs differently.</exception>
    public static LlamaIdentity Verify(nint library, string path, LlamaRelease release)
    {
        var identity = new LlamaIdentity(Text(library, "llama_version"), Text(library, "ggml_version"), Text(library, "ggml_commit"));
        if (identity.Ggml is null || (identity.Llama is null && release.Llama is not null))
        {
            throw Refuse(path, release, "it does not say which release it is, so it is no llama.cpp or " + (identity.Ggml is null ? "an old one" : $"one from before v{release.Llama} (ggml {identity.Ggml})"));
        }

        if (identity.Llama is not null && (release.Llama is null || (identity.Llama != release.Llama && !identity.Llama.StartsWith(release.Llama + "-", StringComparison.Ordinal))))
        {
            throw Refuse(path, release, $"it is llama.cpp {identity.Llama}");
        }

        if (!identity.Ggml.StartsWith(release.Ggml, StringComparison.Ordinal))
        {
            throw Refuse(path, release, $"it brings ggml {identity.Ggml} where {release.Ggml}x belongs");
        }

        Compare(library, path, release, "llama_model_params", "llama_model_default_params", release.Model);
        Compare(library, path, release, "llama_context_params", "llama_context_default_params", release.Context);
        return identity;
    }

    /// <summary>The bytes that a <c>*_default_params</c> function writes, and the fill byte where it writes none.</summary>
    private static byte[] Defaults(nint library, string path, LlamaRelease release, string function, int size)
    {
        if (!NativeLibrary.TryGetExport(library, function, out var address))
        {
            throw Refuse(path, release, $"it has no {function}");
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

    private static void Compare(nint library, string path, LlamaRelease release, string name, string function, LlamaStruct expected)
    {
        var bytes = Defaults(library, path, release, function, expected.Size);
        foreach (var member in expected.Members)
        {
            var value = BitConverter.ToUInt32(bytes, member.Offset) & member.Mask;
            if (value != ((uint)member.Value & member.Mask))
            {
                throw Refuse(path, release, $"{name}.{member.Name} at byte {member.Offset} is {(int)value} by default where {member.Value} belongs, so its structs are laid out differently");
            }
        }

        if (bytes.AsSpan(expected.Size).ContainsAnyExcept(Untouched))
        {
            throw Refuse(path, release, $"{name} is larger than {expected.Size} bytes");
        }
    }

    private static string? Text(nint library, string function) =>
        NativeLibrary.TryGetExport(library, function, out var address)
        && ((delegate* unmanaged[Cdecl]<byte*>)address)() is var text && text is not null
            ? Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text)) : null;

    private static BackendException Refuse(string path, LlamaRelease release, string why) => new($"{path} cannot be used: {why}. {release.Advice}");

    [InlineArray(Oversized)]
    private struct OversizedResult
    {
        private byte _first;
    }
}

/// <summary>What a library says of itself.</summary>
internal readonly record struct LlamaIdentity(string? Llama, string? Ggml, string? Commit);

using System.Runtime.InteropServices;
using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>A libllama that was opened and is of the release that it must be.</summary>
internal sealed record LlamaLibraryFile(nint Handle, string Path, LlamaIdentity Identity)
{
    /// <summary>Opens and checks a library without binding it.</summary>
    /// <exception cref="BackendException">It does not load, or is not the right one.</exception>
    public static LlamaLibraryFile Open(string path, LlamaRelease release)
    {
        nint handle;
        try
        {
            handle = NativeLibrary.Load(path);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            handle = OpenWithSiblings(path, release, exception);
        }

        return new LlamaLibraryFile(handle, path, LlamaAbi.Verify(handle, path, release));
    }

    /// <summary>A build without a run path does not find the ggml libraries beside it: load them first, then it does.</summary>
    private static nint OpenWithSiblings(string path, LlamaRelease release, Exception first)
    {
        var folder = System.IO.Path.GetDirectoryName(path)!;
        foreach (var pattern in (string[])["libggml-base.*", "libggml-cpu.*", "libggml-cuda.*", "libggml.*"])
        {
            foreach (var sibling in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, pattern).Order().ToArray() : [])
            {
                NativeLibrary.TryLoad(sibling, out _);
            }
        }

        return NativeLibrary.TryLoad(path, out var handle) ? handle : throw new BackendException(
            $"{path} cannot be loaded as llama.cpp's library: {first.Message.ReplaceLineEndings(" ")} "
            + $"It must be built for this machine ({RuntimeInformation.RuntimeIdentifier}) with its libggml files beside it. {release.Advice}", first);
    }
}

using System.Runtime.InteropServices;
using HybridConversations.Inference.Backends;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>The process's one llama.cpp: found, checked, bound to <see cref="LlamaNative"/>, its compute backends loaded. Native libraries are never unloaded.</summary>
internal sealed class LlamaLibrary
{
    private static readonly Lock Gate = new();
    private static LlamaLibrary? _loaded;

    private readonly nint _handle;

    private LlamaLibrary(nint handle, string path, LlamaIdentity identity)
    {
        _handle = handle;
        Path = path;
        Identity = identity;
    }

    public string Path { get; }
    public LlamaIdentity Identity { get; }

    /// <summary>E.g. <c>llama.cpp 0.5.0-dev (0ad4a86)</c>.</summary>
    public string Name => $"llama.cpp {Identity.Llama} ({Identity.Commit ?? "commit unknown"})";

    /// <summary>Loads the library on the first call; later calls return the same one.</summary>
    /// <exception cref="BackendException">There is none, or not the right one.</exception>
    public static LlamaLibrary Load(ILogger logger)
    {
        lock (Gate)
        {
            if (_loaded is { } loaded)
            {
                LlamaLog.WriteTo(logger);
                return loaded;
            }

            var library = Open(LlamaLibraryLocator.Find(Environment.GetEnvironmentVariable(LlamaLibraryLocator.Variable), AppContext.BaseDirectory));
            NativeLibrary.SetDllImportResolver(typeof(LlamaLibrary).Assembly, (name, _, _) => name == LlamaNative.Library ? library._handle : 0);
            LlamaLog.WriteTo(logger);
            LlamaNative.ggml_backend_load_all_from_path(System.IO.Path.GetDirectoryName(library.Path)!);
            LlamaNative.llama_backend_init();
            if (library.Identity.Commit != LlamaAbi.MeasuredCommit)
            {
                logger.LogWarning("{Path} is ggml commit {Commit}; these bindings were measured with {Measured}. Its release and its structs agree, so it is used",
                    library.Path, library.Identity.Commit, LlamaAbi.MeasuredCommit);
            }

            logger.LogInformation("{Name} from {Path}, devices: {Devices}", library.Name, library.Path, string.Join(", ", LlamaDevice.All().Select(device => device.ToString())));
            return _loaded = library;
        }
    }

    /// <summary>Opens and checks a library without binding it.</summary>
    /// <exception cref="BackendException">It does not load, or is not the right one.</exception>
    public static LlamaLibrary Open(string path)
    {
        nint handle;
        try
        {
            handle = NativeLibrary.Load(path);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            handle = OpenWithSiblings(path, exception);
        }

        return new LlamaLibrary(handle, path, LlamaAbi.Verify(handle, path));
    }

    /// <summary>A build without a run path does not find the ggml libraries beside it: load them first, then it does.</summary>
    private static nint OpenWithSiblings(string path, Exception first)
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
            + $"It must be built for this machine ({RuntimeInformation.RuntimeIdentifier}) with its libggml files beside it. Run tools/native/fetch, or set {LlamaLibraryLocator.Variable} to the folder of a llama.cpp v{LlamaAbi.Release} build.", first);
    }
}

using System.Runtime.InteropServices;
using HybridConversations.Inference.Backends;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.LlamaCpp.Direct;

/// <summary>llama.cpp as <see cref="LlamaNative"/> binds it: found, checked, its compute backends loaded.</summary>
internal sealed class DirectRuntime : LlamaRuntime
{
    private static readonly Lock Gate = new();
    private static DirectRuntime? _loaded;

    private readonly LlamaLibraryFile _library;

    private DirectRuntime(LlamaLibraryFile library)
    {
        _library = library;
        Symbols = new LlamaSymbols(library.Handle, library.Path);
    }

    public override string Name => NameOf(_library.Identity);
    public override string Path => _library.Path;
    public override LlamaSymbols Symbols { get; }
    public override bool CanOffload => LlamaNative.llama_supports_gpu_offload() != 0;

    public override string GpuAdvice =>
        $"Set {LlamaLibraryLocator.Variable} to the folder of a llama.cpp v{DirectRelease.Llama} built with CUDA (on a Jetson with -DGGML_CUDA=ON -DCMAKE_CUDA_ARCHITECTURES=87).";

    public override string ReleaseAdvice => DirectRelease.Value.Advice;

    /// <summary>E.g. <c>llama.cpp 0.5.0-dev (0ad4a86)</c>.</summary>
    public static string NameOf(LlamaIdentity identity) => $"llama.cpp {identity.Llama} ({identity.Commit ?? "commit unknown"})";

    /// <summary>Loads the library on the first call; later calls return the same one.</summary>
    /// <exception cref="BackendException">There is none, or not the right one.</exception>
    public static DirectRuntime Load(ILogger logger)
    {
        lock (Gate)
        {
            if (_loaded is { } loaded)
            {
                LlamaLog.WriteTo(logger, loaded.Symbols);
                return loaded;
            }

            var path = LlamaLibraryLocator.Find(Environment.GetEnvironmentVariable(LlamaLibraryLocator.Variable), AppContext.BaseDirectory);
            OneLlama.Claim(LlamaCppProvider.BackendName);
            var runtime = new DirectRuntime(LlamaLibraryFile.Open(path, DirectRelease.Value));
            NativeLibrary.SetDllImportResolver(typeof(DirectRuntime).Assembly, (name, _, _) => name == LlamaNative.Library ? runtime._library.Handle : 0);
            LlamaLog.WriteTo(logger, runtime.Symbols);
            LlamaNative.ggml_backend_load_all_from_path(System.IO.Path.GetDirectoryName(path)!);
            LlamaNative.llama_backend_init();
            runtime.Report(logger, runtime._library.Identity, DirectRelease.Value);
            return _loaded = runtime;
        }
    }

    public override LlamaCalls? LoadModel(BackendOptions options, bool map, CancellationToken cancellationToken) => DirectCalls.Load(options, map, cancellationToken);
}

using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.LlamaCpp;
using LLama.Exceptions;
using LLama.Native;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.LLamaSharp;

/// <summary>The llama.cpp that LLamaSharp selects for this machine, or one by path.</summary>
internal sealed class LLamaSharpRuntime : LlamaRuntime
{
    private static readonly Lock Gate = new();
    private static LLamaSharpRuntime? _loaded;

    private LLamaSharpRuntime(LlamaLibraryFile library)
    {
        Path = library.Path;
        Name = $"LLamaSharp {Version} (ggml {library.Identity.Ggml} {library.Identity.Commit ?? "commit unknown"})";
        Symbols = new LlamaSymbols(library.Handle, library.Path);
    }

    public override string Name { get; }
    public override string Path { get; }
    public override LlamaSymbols Symbols { get; }
    public override bool CanOffload => NativeApi.llama_supports_gpu_offload();

    public override string GpuAdvice => "On x64 publish with -p:Cuda=12; LLamaSharp takes its CUDA library only where it sees a CUDA 12 runtime: set CUDA_VERSION=12.x, or put the toolkit's lib64 into LD_LIBRARY_PATH. "
        + $"On a Jetson build llama.cpp {LLamaSharpRelease.Commit} with -DGGML_CUDA=ON -DCMAKE_CUDA_ARCHITECTURES=87 and set {LlamaLibraryLocator.Variable} to its folder.";

    public override string ReleaseAdvice => LLamaSharpRelease.Value.Advice;

    /// <summary>LLamaSharp keeps its builds side by side (avx2, cuda12, …): one for a GPU that it passed over lies beside the one that it took.</summary>
    public override IEnumerable<string> Folders =>
        System.IO.Path.GetDirectoryName(Path)! is var folder && System.IO.Path.GetDirectoryName(folder) is { } native && System.IO.Path.GetFileName(native) == "native"
            ? [folder, .. Directory.EnumerateDirectories(native, "cuda*")] : [folder];

    private static string Version { get; } =
        typeof(LLamaSharpRuntime).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(attribute => attribute.Key == "LLamaSharp")?.Value ?? "of unknown release";

    /// <summary>Loads the library on the first call; later calls return the same one.</summary>
    /// <exception cref="BackendException">It does not load, or is not the release that LLamaSharp knows.</exception>
    public static LLamaSharpRuntime Load(ILogger logger)
    {
        lock (Gate)
        {
            if (_loaded is { } loaded)
            {
                LlamaLog.WriteTo(logger, loaded.Symbols);
                return loaded;
            }

            OneLlama.Claim(LLamaSharpProvider.BackendName);
            var given = Environment.GetEnvironmentVariable(LlamaLibraryLocator.Variable);
            if (!string.IsNullOrWhiteSpace(given))
            {
                // Looked at before LLamaSharp calls it: with another release's structs it would end the process.
                var file = LlamaLibraryFile.Open(LlamaLibraryLocator.Find(given, AppContext.BaseDirectory), LLamaSharpRelease.Value);
                NativeLibraryConfig.LLama.WithLibrary(file.Path);
            }

            NativeLibraryConfig.LLama.WithLogCallback((level, text) => Say(logger, level, text));
            var library = LlamaLibraryFile.Open(Selected(), LLamaSharpRelease.Value);
            var runtime = new LLamaSharpRuntime(library);
            LlamaLog.WriteTo(logger, runtime.Symbols);
            runtime.Report(logger, library.Identity, LLamaSharpRelease.Value);
            return _loaded = runtime;
        }
    }

    public override LlamaCalls? LoadModel(BackendOptions options, bool map, CancellationToken cancellationToken) => LLamaSharpCalls.Load(options, map, Symbols, cancellationToken);

    /// <summary>Lets LLamaSharp select and load, and finds out what: it tells neither handle nor path.</summary>
    private static string Selected()
    {
        try
        {
            // Its struct defaults are imported functions without the selection in front of them, so this comes first.
            NativeApi.llama_empty_call();
        }
        catch (Exception exception) when (exception is RuntimeError or TypeInitializationException or DllNotFoundException)
        {
            throw new BackendException($"LLamaSharp could not load its llama.cpp for {RuntimeInformation.RuntimeIdentifier}: {(exception.InnerException ?? exception).Message.ReplaceLineEndings(" ")} "
                + "Its libraries lie in runtimes/ beside the program and need the system's libgomp (apt-get install libgomp1) and glibc 2.34 or later (2.38 on arm64).", exception);
        }

        using var process = Process.GetCurrentProcess();
        return process.Modules.Cast<ProcessModule>().Select(module => module.FileName)
            .FirstOrDefault(file => System.IO.Path.GetFileName(file) is var name && (name == "llama.dll" || name.StartsWith("libllama.", StringComparison.Ordinal)))
            ?? throw new BackendException("LLamaSharp says that it loaded llama.cpp, but no libllama is in the process.");
    }

    private static void Say(ILogger logger, LLamaLogLevel level, string text)
    {
        if (level is LLamaLogLevel.Warning or LLamaLogLevel.Error)
        {
            logger.LogWarning("LLamaSharp: {Text}", text.Trim());
        }
        else
        {
            logger.LogDebug("LLamaSharp: {Text}", text.Trim());
        }
    }
}

using System.Runtime.InteropServices;
using HybridConversations.Tests.Common;

namespace HybridConversations.Cli.Tests.Commands;

/// <summary>Which backend the program takes, and what it says of it. Each in a process of its own: a process holds one llama.cpp.</summary>
public sealed class BackendTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>LLamaSharp's library for every processor of this kind, as the build put it beside the program.</summary>
    private static string SharpLibrary { get; } = Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64", "native",
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "" : "noavx");

    private static string? NpmLibrary { get; } = Directory.EnumerateFiles(RepositoryFiles.Root, "libllama.v*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 8 })
        .FirstOrDefault(file => file.Contains("@node-llama-cpp", StringComparison.Ordinal));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task LLamaSharp_answers_and_is_named()
    {
        var chat = await Hc(new() { ["HC_BACKEND"] = "llamasharp", ["HC_LOG"] = "info" }, "chat", "--once", "My name is Ada.");

        Assert.Equal(0, chat.ExitCode);
        Assert.Contains("Ada", chat.Output);
        Assert.Contains("LLamaSharp 0.30.0 (ggml 0.18.0 815a2a591) computes Pip demo", chat.Errors);
        var info = await Hc([], "models", "info", "--backend", "llamasharp");
        Assert.Contains("backend        LLamaSharp 0.30.0 (ggml 0.18.0 815a2a591)", info.Output);
        Assert.Contains("device         CPU", info.Output);
    }

    [Fact]
    public async Task A_library_by_path_is_for_the_backend_of_its_release()
    {
        var doctor = await Hc(new() { ["HC_LLAMA_LIB"] = SharpLibrary, ["HC_BACKEND"] = "auto" }, "doctor", "--urls", "http://127.0.0.1:0");

        Assert.Contains("llamasharp: LLamaSharp 0.30.0", doctor.Output);
        Assert.Contains(SharpLibrary, doctor.Output);
    }

    [SkippableTheory]
    [InlineData("llama.cpp", "belong to llama.cpp v0.5.0")]
    [InlineData("llamasharp", "belongs to llama.cpp commit c0c7e147")]
    public async Task A_library_of_another_release_is_refused_with_what_it_must_be(string backend, string release)
    {
        Skip.If(backend == "llamasharp" && NpmLibrary is null, "npm's libraries are not there (tools/native/fetch, where npm is).");
        var chat = await Hc(new() { ["HC_LLAMA_LIB"] = backend == "llamasharp" ? NpmLibrary! : SharpLibrary }, "chat", "--backend", backend, "--once", "Hi");

        Assert.Equal(2, chat.ExitCode);
        Assert.Contains("cannot be used", chat.Errors);
        Assert.Contains(release, chat.Errors);
    }

    [Fact]
    public async Task A_backend_that_there_is_not_is_refused_with_those_that_there_are()
    {
        var chat = await Hc(new() { ["HC_BACKEND"] = "vulkan" }, "chat", "--once", "Hi");

        Assert.Contains("HC_BACKEND: 'vulkan' is not allowed; allowed: auto, llama.cpp or llamasharp", chat.Errors);
        Assert.NotEqual(0, chat.ExitCode);
    }

    [Fact]
    public async Task A_library_for_a_gpu_that_is_not_used_is_an_error_unless_the_processor_was_asked_for()
    {
        foreach (var file in Directory.EnumerateFiles(SharpLibrary))
        {
            File.Copy(file, _folder.File(Path.GetFileName(file)));
        }

        File.WriteAllText(_folder.File("libggml-cuda.so"), "");
        var silent = await Hc(new() { ["HC_LLAMA_LIB"] = _folder.Path }, "chat", "--once", "My name is Ada.");
        var told = await Hc(new() { ["HC_LLAMA_LIB"] = _folder.Path }, "chat", "--gpu-layers", "0", "--once", "My name is Ada.");

        Assert.Equal((2, 0), (silent.ExitCode, told.ExitCode));
        Assert.Contains("libggml-cuda.so was built for a GPU, but llama.cpp found no GPU: only CPU", silent.Errors);
        Assert.Contains("nvidia-smi", silent.Errors);
        Assert.Contains("Ada", told.Output);
    }

    private Task<HcProcess> Hc(Dictionary<string, string> variables, params string[] arguments)
    {
        variables["HC_DATA"] = _folder.File("data");
        variables.TryAdd("HC_BACKEND", "auto");
        return HcProcess.Run(arguments, "", variables, folder: null);
    }
}

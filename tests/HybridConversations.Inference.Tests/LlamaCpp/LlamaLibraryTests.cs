using System.Diagnostics;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.LlamaCpp;
using HybridConversations.Inference.LlamaCpp.Direct;
using HybridConversations.Inference.Tests.Backends;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.LlamaCpp;

public sealed class LlamaLibraryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void The_fetched_library_is_the_right_one()
    {
        Skip.If(RealBackend.Unavailable is not null, RealBackend.Unavailable);
        var library = LlamaLibraryFile.Open(LlamaLibraryLocator.Find(null, AppContext.BaseDirectory), DirectRelease.Value);

        Assert.Equal(RealBackend.Name, DirectRuntime.NameOf(library.Identity));
    }

    [Fact]
    public void A_named_file_or_folder_goes_before_everything()
    {
        Touch("llama/libllama.so");
        Touch("tools/native/node_modules/@node-llama-cpp/linux-x64/bins/linux-x64/libllama.so");
        var named = Touch("mine/libllama.v0.5.0.so");
        Touch("mine/libllama-common.so");
        var built = Touch("build/bin/libllama.so");
        Touch("build/bin/libllama.so.0");

        Assert.Equal(named, LlamaLibraryLocator.Find(named, _folder.Path));
        Assert.Equal(named, LlamaLibraryLocator.Find(Path.GetDirectoryName(named), _folder.Path));
        Assert.Equal(built, LlamaLibraryLocator.Find(_folder.File("build"), _folder.Path));
    }

    [Fact]
    public void Then_comes_the_folder_beside_the_program()
    {
        var beside = Touch("llama/libllama.v0.5.0.so");

        Assert.Equal(beside, LlamaLibraryLocator.Find("", _folder.Path));
        Assert.NotEqual(beside, LlamaLibraryLocator.Find(null, AppContext.BaseDirectory));
    }

    [Theory]
    [InlineData("none.so", "neither a file nor a folder")]
    [InlineData("", "no libllama lies in it")]
    public void A_named_place_without_a_library_is_an_error_and_not_passed_over(string name, string reason)
    {
        Touch("llama/libllama.so");
        Touch("libllama-common.so");

        var message = Assert.Throws<BackendException>(() => LlamaLibraryLocator.Find(_folder.File(name), _folder.Path)).Message;

        Assert.Contains(reason, message);
        Assert.Contains("HC_LLAMA_LIB", message);
    }

    [Fact]
    public void Without_any_library_it_says_how_to_get_one()
    {
        var message = Assert.Throws<BackendException>(() => LlamaLibraryLocator.Find(null, _folder.Path)).Message;

        Assert.Contains("tools/native/fetch", message);
        Assert.Contains(_folder.File("llama"), message);
    }

    [Fact]
    public void A_file_that_is_no_library_is_refused()
    {
        var message = Assert.Throws<BackendException>(() => LlamaLibraryFile.Open(_folder.Write("libllama.so", "not a library"u8.ToArray()), DirectRelease.Value)).Message;

        Assert.Contains("cannot be loaded", message);
        Assert.Contains("libllama.so", message);
    }

    [SkippableFact]
    public void A_library_with_this_release_and_layout_is_accepted_whatever_its_commit()
    {
        Assert.Equal("llama.cpp 0.5.0 (stub)", DirectRuntime.NameOf(LlamaLibraryFile.Open(Compile(""), DirectRelease.Value).Identity));
    }

    [SkippableTheory]
    [InlineData("-DLLAMA=\"0.4.0\"", "llama.cpp 0.4.0")]
    [InlineData("-DLLAMA=\"0.5.01\"", "llama.cpp 0.5.01")]
    [InlineData("-DGGML=\"0.24.9\"", "ggml 0.24.9")]
    [InlineData("-DNAMELESS", "does not say which release")]
    [InlineData("-DNO_DEFAULTS", "no llama_model_default_params")]
    [InlineData("-DOLD_MODEL", "llama_model_params.load_mode at byte 24")]
    [InlineData("-DMORE_MODEL", "llama_model_params is larger than 80 bytes")]
    [InlineData("-DOTHER_CONTEXT", "llama_context_params.n_outputs_max_per_seq at byte 24")]
    [InlineData("-DMORE_CONTEXT", "llama_context_params is larger than 160 bytes")]
    public void Another_llama_cpp_is_refused(string variant, string reason)
    {
        Skip.If(variant.Contains("MORE") && System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture != System.Runtime.InteropServices.Architecture.X64, "Seen on x64 only.");
        var message = Assert.Throws<BackendException>(() => LlamaLibraryFile.Open(Compile(variant), DirectRelease.Value)).Message;

        Assert.Contains(reason, message);
        Assert.Contains("v0.5.0", message);
        Assert.Contains("tools/native/fetch", message);
    }

    private string Touch(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        return _folder.Write(name, []);
    }

    private string Compile(string variant)
    {
        var source = Path.Combine(RepositoryFiles.Root, "tests", "HybridConversations.Inference.Tests", "LlamaCpp", "stub.c");
        var library = _folder.File("libllama.so");
        try
        {
            var start = new ProcessStartInfo("gcc") { RedirectStandardError = true, UseShellExecute = false };
            foreach (var argument in (string[])["-shared", "-fPIC", "-o", library, source, .. variant.Length > 0 ? [variant] : Array.Empty<string>()])
            {
                start.ArgumentList.Add(argument);
            }

            using var compiler = Process.Start(start)!;
            var errors = compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            Assert.True(compiler.ExitCode == 0, errors);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Skip.If(true, "gcc is not installed (apt-get install gcc).");
        }

        return library;
    }
}

using System.Diagnostics;
using System.Runtime.InteropServices;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.LlamaCpp;
using HybridConversations.Inference.Tests.Backends;
using HybridConversations.Tests.Common;
using LLama.Native;

namespace HybridConversations.Inference.LLamaSharp.Tests;

/// <summary>What depends on LLamaSharp's package: its structs, its libraries in the output, its CUDA package.</summary>
public sealed class LLamaSharpPackageTests
{
    [Fact]
    public void Its_structs_are_as_large_as_those_of_the_release_they_are_checked_against() => Assert.Equal(
        (LLamaSharpRelease.Value.Model.Size, LLamaSharpRelease.Value.Context.Size), (Marshal.SizeOf<LLamaModelParams>(), Marshal.SizeOf<LLamaContextParams>()));

    [SkippableFact]
    public async Task Another_llama_cpp_in_the_same_process_is_refused()
    {
        using var backend = await RealBackend.Load(new BackendOptions { ModelPath = RepositoryFiles.DemoModel, Context = 256, MaxSequences = 2, Threads = 1 });

        var message = Assert.Throws<BackendException>(() => OneLlama.Claim("llama.cpp")).Message;

        Assert.Contains("llamasharp has loaded its llama.cpp already", message);
    }

    [Fact]
    public void The_output_carries_the_libraries_of_one_platform()
    {
        var libraries = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "runtimes"), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file).Contains("llama", StringComparison.Ordinal) || Path.GetFileName(file).Contains("ggml", StringComparison.Ordinal)).ToList();

        Assert.Single(libraries.Select(file => Path.GetRelativePath(AppContext.BaseDirectory, file).Split(Path.DirectorySeparatorChar)[1]).Distinct());
        Assert.InRange(libraries.Sum(file => new FileInfo(file).Length), 1, 40_000_000);
    }

    [Theory]
    [InlineData("", 0, false)]
    [InlineData("-p:Cuda=12", 0, true)]
    [InlineData("-p:Cuda=11 -t:CheckCuda", 1, false)]
    public async Task The_cuda_package_comes_along_when_it_is_asked_for(string arguments, int exitCode, bool comes)
    {
        var project = Path.Combine(RepositoryFiles.Root, "src", "HybridConversations.Inference.LLamaSharp");
        var start = new ProcessStartInfo("dotnet", $"msbuild {project} -getItem:PackageReference {arguments}") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(exitCode, process.ExitCode);
        Assert.Equal(comes, output.Contains("\"LLamaSharp.Backend.Cuda12\"", StringComparison.Ordinal));
        Assert.Equal(exitCode == 1, (output + await errors).Contains("Cuda is '11'; 12 is allowed", StringComparison.Ordinal));
    }
}

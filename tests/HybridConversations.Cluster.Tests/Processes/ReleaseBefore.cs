using System.Diagnostics;
using System.Formats.Tar;
using HybridConversations.Tests.Common;

namespace HybridConversations.Cluster.Tests.Processes;

/// <summary>
/// The release before this one as a program: taken out of the repository's history and built, once, into <c>artifacts/releases</c>. Where that cannot be done
/// (no git, a history that is cut off, packages that cannot be restored) the test that wants it is skipped with the reason.
/// </summary>
internal static class ReleaseBefore
{
    /// <summary>The last commit of the release whose fleet's program was <c>hc-silo</c>.</summary>
    private const string Commit = "0563c9986a41198f57fd84da77b20a4f14f7a284";

    private static readonly string Folder = Path.Combine(RepositoryFiles.Root, "artifacts", "releases", Commit[..7]);
    private static readonly string Program = Path.Combine(Folder, "artifacts", "bin", "HybridConversations.Silo", "release", "hc-silo.dll");
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(10);

    /// <summary>Path of the program.</summary>
    public static async Task<string> Build()
    {
        var stamp = Path.Combine(Folder, "built");
        if (File.Exists(stamp))
        {
            return Program;
        }

        var (code, said) = await Run(RepositoryFiles.Root, "git", "cat-file", "-e", Commit);
        Skip.If(code != 0, $"commit {Commit[..7]} (the release before) is not in this checkout's history: {said}");
        Directory.CreateDirectory(Folder);
        await Extract();
        (code, said) = await Run(Folder, "dotnet", "build", "src/HybridConversations.Silo", "-c", "Release", "-v", "quiet", "-nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false");
        Skip.If(code != 0, $"the release before could not be restored and built: {said}");
        if (Environment.GetEnvironmentVariable("HC_LLAMA_LIB") is null && !Directory.Exists(Path.Combine(RepositoryFiles.Root, "tools", "native", "node_modules")))
        {
            // It knows no other way to llama.cpp.
            (code, said) = await Run(Folder, "bash", "tools/native/fetch");
            Skip.If(code != 0, $"the release before could not fetch llama.cpp: {said}");
        }

        await File.WriteAllTextAsync(stamp, Commit);
        return Program;
    }

    private static async Task Extract()
    {
        using var git = Start(RepositoryFiles.Root, "git", "archive", "--format=tar", Commit);
        await TarFile.ExtractToDirectoryAsync(git.StandardOutput.BaseStream, Folder, overwriteFiles: true);
        await git.WaitForExitAsync();
        Assert.Equal(0, git.ExitCode);
    }

    private static async Task<(int Code, string Said)> Run(string folder, string program, params string[] arguments)
    {
        try
        {
            using var process = Start(folder, program, arguments);
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync().WaitAsync(BuildLimit);
            var lines = $"{await output}{await errors}".Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return (process.ExitCode, string.Join(' ', lines.Distinct().TakeLast(5)));
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            return (-1, error.Message);
        }
    }

    private static Process Start(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // Of the test host's own build: they would steer this one.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase) && name != "MSBUILDDISABLENODEREUSE").ToList())
        {
            start.Environment.Remove(name);
        }

        return Process.Start(start)!;
    }
}

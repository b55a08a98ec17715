using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using HybridConversations.Tests.Common;

namespace HybridConversations.Clients.Tests;

/// <summary>Clients from npm, each script in a process of its own. They are installed once into the folder <c>artifacts</c>.</summary>
internal static class NodeClients
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Installed = new(StringComparer.Ordinal);

    /// <summary>Runs a script of a folder against a server; what it prints is a JSON object.</summary>
    /// <remarks>Skips the test, with the reason, where npm or its packages are not to be had.</remarks>
    public static async Task<JsonElement> Run(string script, Uri server, string set = "npm")
    {
        var fault = await Installed.GetOrAdd(set, name => new(() => Install(name))).Value;
        Skip.If(fault.Length > 0, fault);
        var run = await Run(set, "node", [script, server.ToString()]);
        Assert.True(run.Code == 0, run.Errors);
        return JsonElement.Parse(run.Output);
    }

    private static string Folder(string set) => Path.Combine(RepositoryFiles.Root, "artifacts", $"{set}-clients");

    /// <returns>Why they cannot be had; empty when they are there.</returns>
    private static async Task<string> Install(string set)
    {
        var folder = Directory.CreateDirectory(Folder(set)).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, set)))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }

        try
        {
            var run = await Run(set, "npm", ["install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]);
            return run.Code == 0 ? "" : $"npm cannot install the clients (is it connected?): {run.Errors.Split('\n')[0]}";
        }
        catch (Win32Exception)
        {
            return "npm is not here: apt-get install npm.";
        }
    }

    private static async Task<(int Code, string Output, string Errors)> Run(string set, string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder(set), UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
        }

        return (process.ExitCode, await output, await errors);
    }
}

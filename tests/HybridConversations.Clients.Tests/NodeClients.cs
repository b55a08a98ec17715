using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using HybridConversations.Tests.Common;

namespace HybridConversations.Clients.Tests;

/// <summary>Clients from npm, each script in a process of its own. They are installed once into the folder <c>artifacts</c>.</summary>
internal static class NodeClients
{
    private static readonly Lazy<Task<string>> Installed = new(Install);

    /// <summary>Runs a script of the folder <c>npm</c> against a server; what it prints is a JSON object.</summary>
    /// <remarks>Skips the test, with the reason, where npm or its packages are not to be had.</remarks>
    public static async Task<JsonElement> Run(string script, Uri server)
    {
        var fault = await Installed.Value;
        Skip.If(fault.Length > 0, fault);
        var run = await Run("node", [script, server.ToString()]);
        Assert.True(run.Code == 0, run.Errors);
        return JsonElement.Parse(run.Output);
    }

    private static string Folder => Path.Combine(RepositoryFiles.Root, "artifacts", "npm-clients");

    /// <returns>Why they cannot be had; empty when they are there.</returns>
    private static async Task<string> Install()
    {
        Directory.CreateDirectory(Folder);
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "npm")))
        {
            File.Copy(file, Path.Combine(Folder, Path.GetFileName(file)), overwrite: true);
        }

        try
        {
            var run = await Run("npm", ["install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]);
            return run.Code == 0 ? "" : $"npm cannot install the clients (is it connected?): {run.Errors.Split('\n')[0]}";
        }
        catch (Win32Exception)
        {
            return "npm is not here: apt-get install npm.";
        }
    }

    private static async Task<(int Code, string Output, string Errors)> Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
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

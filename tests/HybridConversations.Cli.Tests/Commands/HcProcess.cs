using System.Diagnostics;
using System.Text;

namespace HybridConversations.Cli.Tests.Commands;

/// <summary>What a run of the real program left behind.</summary>
internal sealed record HcProcess(int ExitCode, string Output, string Errors)
{
    public string[] ErrorLines => Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static Task<HcProcess> Run(params string[] arguments) => Run(arguments, input: "", variables: [], folder: null);

    public static async Task<HcProcess> Run(string[] arguments, string input, Dictionary<string, string> variables, string? folder)
    {
        using var process = Start(arguments, variables, folder);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        return new HcProcess(process.ExitCode, await output, await errors);
    }

    /// <summary>Starts the program that lies beside the tests, without the settings of whoever runs them, but on the backend that the tests run on.</summary>
    public static Process Start(string[] arguments, Dictionary<string, string> variables, string? folder)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "hc.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            WorkingDirectory = folder ?? AppContext.BaseDirectory,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("HC_", StringComparison.Ordinal) && name is not ("HC_BACKEND" or "HC_LLAMA_LIB")).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}

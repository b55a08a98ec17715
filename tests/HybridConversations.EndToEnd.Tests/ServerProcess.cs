using System.Diagnostics;
using HybridConversations.Client;
using HybridConversations.Tests.Common;

namespace HybridConversations.EndToEnd.Tests;

/// <summary>A real <c>hc serve</c> with a real model, on a port of its own and a data folder that outlives it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private ServerProcess(Process process, Uri address)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        Address = address;
        Http = HttpConversations.CreateClient(address);
        Conversations = new HttpConversations(Http);
    }

    public Uri Address { get; }
    public HttpClient Http { get; }
    public HttpConversations Conversations { get; }
    public int Id => _process.Id;

    /// <summary>Everything it wrote to standard error; after its end.</summary>
    public Task<string> Errors => _errors;

    public static async Task<ServerProcess> Start(string dataFolder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "hc.dll"), "serve", "--urls", "http://127.0.0.1:0", "--data", dataFolder, "--log", "warning", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = dataFolder,
        };
        start.Environment["HC_MODEL"] = RepositoryFiles.DemoModel;
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        if (line?.Split("Listening on ") is not [_, var address])
        {
            throw new InvalidOperationException($"hc serve did not start: {line}{await process.StandardError.ReadToEndAsync()}");
        }

        var server = new ServerProcess(process, new Uri(address.Split(',')[0]));
        await server.UntilReady();
        return server;
    }

    /// <summary>SIGKILL: what a power cut leaves behind.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, or another signal, and the exit code.</summary>
    public async Task<int> Stop(string signal = "TERM")
    {
        using var kill = Process.Start("kill", [$"-{signal}", Id.ToString()]);
        return await Ended();
    }

    /// <summary>The exit code, once it has ended.</summary>
    public async Task<int> Ended()
    {
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
        {
            await Kill();
        }

        _process.Dispose();
    }

    private async Task UntilReady()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (true)
        {
            try
            {
                using var answer = await Http.GetAsync("health/ready", patience.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (_process.WaitForExit(1000))
            {
                // It has ended; below it says why.
            }

            if (_process.HasExited)
            {
                throw new InvalidOperationException($"hc serve ended: {await _errors}");
            }

            await Task.Delay(50, patience.Token);
        }
    }
}

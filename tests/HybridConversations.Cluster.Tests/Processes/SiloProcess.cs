using System.Collections.Concurrent;
using System.Diagnostics;
using HybridConversations.Tests.Common;

namespace HybridConversations.Cluster.Tests.Processes;

/// <summary>A real process of the fleet: hc join.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly TaskCompletionSource<string> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SiloProcess(string name, string program, IEnumerable<string> arguments)
    {
        Name = name;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments.Prepend(program))
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }
    public Uri Url => new(_listening.Task.Result);
    public int ExitCode => _process.ExitCode;

    /// <summary>Bytes of memory that it holds.</summary>
    public long Memory
    {
        get
        {
            lock (_process)
            {
                _process.Refresh();
                return _process.WorkingSet64;
            }
        }
    }

    public string Log => string.Join('\n', _log);

    private static string Program => Path.Combine(AppContext.BaseDirectory, "hc.dll");

    /// <summary>Starts a device, or a gateway when it has no model; it has not joined yet.</summary>
    public static SiloProcess Launch(string name, bool device, RedisServer redis, string data, params string[] more) =>
        LaunchOf(null, name, device, redis, data, more);

    /// <summary>Starts a process of this release or of the one before.</summary>
    /// <param name="before">Program of the release before; null for this one.</param>
    /// <param name="name">Its name in the fleet.</param>
    /// <param name="device">False for a gateway.</param>
    /// <param name="redis">Where the fleet meets.</param>
    /// <param name="data">Its data folder.</param>
    /// <param name="more">More options; another model first.</param>
    public static SiloProcess LaunchOf(string? before, string name, bool device, RedisServer redis, string data, params string[] more) => new(name, before ?? Program,
        [before is null ? "join" : "serve", .. device ? (string[])["--device", name, "--model", more is ["--model", var model, ..] ? model : RepositoryFiles.DemoModel, "--context", "8192", "--threads", "1", "--data", data] : ["--no-device"],
            "--redis", redis.Endpoint, "--urls", "http://127.0.0.1:0", "--silo-port", $"{RedisServer.FreePort()}", "--gateway-port", $"{RedisServer.FreePort()}",
            "--probe-ms", "1000", "--report-ms", "250", "--log", "warning", .. more is ["--model", _, .. var rest] ? rest : more]);

    public static async Task<(int Code, string Output)> Run(params string[] arguments)
    {
        await using var process = new SiloProcess(arguments[0], Program, arguments);
        await process._process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return (process.ExitCode, process.Log);
    }

    /// <summary>Returns when it says that it is ready.</summary>
    public async Task Ready()
    {
        await Task.WhenAny(_listening.Task, _process.WaitForExitAsync(), Task.Delay(TimeSpan.FromSeconds(60)));
        Assert.True(_listening.Task.IsCompletedSuccessfully, $"{Name} does not listen: {Log}");
        await Eventually.Holds(
            async () =>
            {
                Assert.False(_process.HasExited, $"{Name} has ended: {Log}");
                return await IsReady();
            },
            () => $"{Name} is ready: {Log}");
    }

    /// <summary>SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>SIGTERM.</summary>
    public void Terminate() => Signals.Send(_process.Id, Signals.Terminate);

    /// <summary>SIGSTOP, and SIGCONT when the time is over.</summary>
    public async Task StandsStill(TimeSpan time)
    {
        Signals.Send(_process.Id, Signals.Pause);
        try
        {
            await Task.Delay(time);
        }
        finally
        {
            Signals.Send(_process.Id, Signals.Continue);
        }
    }

    /// <summary>Returns when it is ready (true) or has ended, as one that was declared dead does.</summary>
    public async Task<bool> IsReadyOrEnds()
    {
        await Eventually.Holds(async () => _process.HasExited || await IsReady(), () => $"{Name} is ready or has ended: {Log}");
        return !_process.HasExited;
    }

    public Task Exited() => _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<bool> IsReady()
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(Url, "/health/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is OperationCanceledException or HttpRequestException)
        {
            return false; // a machine that is very busy, or a process that ends
        }
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        _log.Enqueue(line);
        const string Listening = "Listening on ";
        if (line.StartsWith(Listening, StringComparison.Ordinal))
        {
            _listening.TrySetResult(line[Listening.Length..].Split(',')[0]);
        }
    }
}

using System.Diagnostics;
using HybridConversations.Bench.Http;

namespace HybridConversations.Bench.Servers;

/// <summary>A server that is started here by a shell command, and killed without warning. One caller at a time.</summary>
internal sealed class OwnedServer(Endpoint endpoint, string command, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan DeathLimit = TimeSpan.FromSeconds(30);
    private Process? _process;
    private LastLines _output = new();

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <returns>How long that took.</returns>
    /// <exception cref="TargetException">Something else answers there, the command ended, or the server is not ready within five minutes.</exception>
    public async Task<TimeSpan> Start(CancellationToken cancellationToken)
    {
        if (await endpoint.Probe("", cancellationToken) is not null)
        {
            throw new TargetException($"Something answers at {endpoint.Url} already: stop it, or leave --start out (restart needs a server of its own).");
        }

        var started = clock.GetTimestamp();
        _output = new LastLines();
        _process = new Process { StartInfo = Shell() };
        _process.OutputDataReceived += (_, line) => _output.Add(line.Data);
        _process.ErrorDataReceived += (_, line) => _output.Add(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var ready = await TargetDiscovery.WaitUntilReady(endpoint, StartLimit, () => _process.HasExited, clock, cancellationToken);
        return ready ? clock.GetElapsedTime(started) : throw new TargetException(Complaint(_process));
    }

    /// <summary>Kills the command and all that it started, at once (SIGKILL), and waits until nothing answers.</summary>
    public async Task Kill(CancellationToken cancellationToken)
    {
        if (_process is null)
        {
            return;
        }

        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync(cancellationToken);
        _process.Dispose();
        _process = null;
        var killed = clock.GetTimestamp();
        while (await endpoint.Probe("", cancellationToken) is not null)
        {
            if (clock.GetElapsedTime(killed) > DeathLimit)
            {
                throw new TargetException($"{endpoint.Url} still answers after its command was killed: does the command run the server in the foreground?");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), clock, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync() => await Kill(CancellationToken.None);

    private ProcessStartInfo Shell()
    {
        string[] arguments = OperatingSystem.IsWindows() ? ["/c", command] : ["-c", command];
        return new ProcessStartInfo(OperatingSystem.IsWindows() ? "cmd.exe" : "/bin/sh", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
    }

    private string Complaint(Process process) =>
        (process.HasExited ? $"The command of {endpoint.Label} ended with {process.ExitCode} before {endpoint.Url} answered" : $"{endpoint.Url} is not ready {StartLimit.TotalMinutes:0} minutes after its start")
        + $": {command}\n{_output}";
}

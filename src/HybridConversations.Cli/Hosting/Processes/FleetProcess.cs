using System.Diagnostics;
using HybridConversations.Cli.Settings;

namespace HybridConversations.Cli.Hosting.Processes;

/// <summary>
/// One <c>hc join</c> as a process of its own. The terminal's Ctrl-C does not reach it, so that whoever started it chooses the order in which processes end. It leaves
/// in order when its standard input ends, and that also happens when the one that started it is killed.
/// </summary>
internal sealed class FleetProcess : IDisposable
{
    private const string DeafToTheTerminal = "trap '' HUP INT QUIT; exec \"$@\"";
    private const string Listening = "Listening on ";
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>What each process is told by its own arguments, whatever the environment says.</summary>
    private static readonly Setting[] Personal = [FleetSettings.Device, FleetSettings.NoDevice, FleetSettings.SiloPort, FleetSettings.GatewayPort, KnownSettings.Urls];

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="arguments">Arguments of <c>hc</c>.</param>
    /// <param name="log">Takes each line that it writes to its log.</param>
    public FleetProcess(IEnumerable<string> arguments, Action<string> log)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", DeafToTheTerminal, "hc", .. Program(), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var setting in Personal)
        {
            start.Environment.Remove(setting.Variable);
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { Length: > 0 } text)
            {
                log(text);
            }
        };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Exited = _process.WaitForExitAsync();
    }

    public Task Exited { get; }

    /// <summary>Once it has exited.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Null when it has ended already.</summary>
    public ProcessMark? Mark => ProcessMark.Of(_process);

    /// <returns>Where it listens, when it is in the fleet and takes turns; null when it has ended instead.</returns>
    public async Task<Uri?> Ready(CancellationToken cancellationToken)
    {
        await Task.WhenAny(_address.Task, Exited).WaitAsync(cancellationToken);
        while (!Exited.IsCompleted)
        {
            if (await AnswersReady(_address.Task.Result, cancellationToken))
            {
                return _address.Task.Result;
            }

            await Exited.WaitAsync(BetweenLooks, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return null;
    }

    /// <summary>Has it leave in order; kills it when it has not within <paramref name="limit"/>.</summary>
    /// <returns>False when it was killed.</returns>
    public async Task<bool> Leave(TimeSpan limit)
    {
        _process.StandardInput.Close();
        try
        {
            await Exited.WaitAsync(limit);
            return true;
        }
        catch (TimeoutException)
        {
            _process.Kill();
            await Exited;
            return false;
        }
    }

    public void Dispose() => _process.Dispose();

    /// <summary>This very program: on its own, or as a library that dotnet runs.</summary>
    private static IEnumerable<string> Program() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? [Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "hc.dll")]
        : [Environment.ProcessPath!];

    private static async Task<bool> AnswersReady(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(address, "/health/ready"), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Hear(string? line)
    {
        if (line?.StartsWith(Listening, StringComparison.Ordinal) == true)
        {
            _address.TrySetResult(new Uri(line[Listening.Length..].Split(',')[0]));
        }
    }
}

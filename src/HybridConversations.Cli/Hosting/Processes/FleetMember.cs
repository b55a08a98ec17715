namespace HybridConversations.Cli.Hosting.Processes;

/// <summary>
/// A place in the fleet: its process is started again when it dies, and not when it has left in order (<c>hc drain</c>), nor when it never got into the fleet.
/// </summary>
internal sealed class FleetMember
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private readonly Func<FleetProcess> _launch;
    private readonly Action<string> _tell;
    private readonly TimeSpan _leaveLimit;
    private readonly TaskCompletionSource _leave = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FleetProcess _first;
    private volatile bool _wasReady;

    /// <param name="name">Its name, for a person.</param>
    /// <param name="launch">Starts its process.</param>
    /// <param name="tell">Takes what a person should know.</param>
    /// <param name="leaveLimit">How long it may take to leave.</param>
    public FleetMember(string name, Func<FleetProcess> launch, Action<string> tell, TimeSpan leaveLimit)
    {
        (Name, _launch, _tell, _leaveLimit) = (name, launch, tell, leaveLimit);
        _first = launch();
        Gone = Keep(_first);
    }

    public string Name { get; }

    /// <summary>Its process has ended for good.</summary>
    public Task Gone { get; }

    /// <summary>Returns where it listens, when it is in the fleet.</summary>
    /// <exception cref="ProblemException">It ended instead; its log says why.</exception>
    public async Task<Uri> Ready(CancellationToken cancellationToken)
    {
        var address = await _first.Ready(cancellationToken) ?? throw new ProblemException(ProblemCodes.Unready($"{Name} could not start; its log, above, says why.", 1000));
        _wasReady = true;
        return address;
    }

    public Task Leave()
    {
        _leave.TrySetResult();
        return Gone;
    }

    private async Task Keep(FleetProcess process)
    {
        var wait = ShortestWait;
        while (true)
        {
            var started = DateTime.UtcNow;
            using (process)
            {
                await Task.WhenAny(process.Exited, _leave.Task);
                if (_leave.Task.IsCompleted)
                {
                    if (!await process.Leave(_leaveLimit))
                    {
                        _tell($"{Name} did not leave within {_leaveLimit.TotalSeconds:0} s and was killed.");
                    }

                    return;
                }

                if (process.ExitCode == 0 || !_wasReady)
                {
                    _tell(process.ExitCode == 0 ? $"{Name} has left the fleet." : $"{Name} ended with exit code {process.ExitCode}.");
                    return;
                }

                wait = DateTime.UtcNow - started > LongestWait ? ShortestWait : wait;
                _tell($"{Name} ended with exit code {process.ExitCode}; it is started again in {wait.TotalSeconds:0} s.");
            }

            await _leave.Task.WaitAsync(wait, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_leave.Task.IsCompleted)
            {
                return;
            }

            wait = TimeSpan.FromTicks(Math.Min(2 * wait.Ticks, LongestWait.Ticks));
            process = _launch();
        }
    }
}

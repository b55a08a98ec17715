namespace HybridConversations.Cli.Hosting.Processes;

/// <summary>The file that says which processes a fleet has started, for the one that is started after this one was killed.</summary>
internal sealed class ProcessRecord(string path)
{
    private readonly Lock _lock = new();
    private readonly List<ProcessMark> _marks = File.Exists(path) ? [.. File.ReadAllLines(path).Select(ProcessMark.Parse).OfType<ProcessMark>()] : [];

    public void Add(ProcessMark mark)
    {
        lock (_lock)
        {
            _marks.Add(mark);
            File.WriteAllLines(path, _marks.Select(each => each.ToString()));
        }
    }

    /// <summary>Waits until all have ended and forgets them. What has not ended within <paramref name="limit"/> is killed.</summary>
    /// <returns>How many there still were.</returns>
    public async Task<int> Clear(TimeSpan limit, CancellationToken cancellationToken)
    {
        var left = _marks.Select(mark => mark.Find()).OfType<System.Diagnostics.Process>().ToList();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(limit);
        foreach (var process in left)
        {
            using (process)
            {
                try
                {
                    await process.WaitForExitAsync(patience.Token);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    process.Kill();
                    await process.WaitForExitAsync(cancellationToken);
                }
            }
        }

        lock (_lock)
        {
            _marks.Clear();
            File.WriteAllText(path, "");
        }

        return left.Count;
    }
}

namespace HybridConversations.Bench;

/// <summary>
/// Shows on standard error what runs now. On a terminal one line is written over and over; elsewhere a line now and then. Thread-safe.
/// </summary>
internal sealed class BenchProgress(TextWriter output, bool terminal, TimeProvider clock)
{
    private readonly TimeSpan _pause = terminal ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(10);
    private readonly Lock _lock = new();
    private string _heading = "";
    private long _shown;

    /// <summary>Something new begins.</summary>
    public void Begin(string heading)
    {
        lock (_lock)
        {
            _heading = heading;
            Show(heading);
        }
    }

    /// <summary>How far it is. Shown if the last line is not too young.</summary>
    public void Report(string detail)
    {
        lock (_lock)
        {
            if (clock.GetElapsedTime(_shown) >= _pause)
            {
                Show($"{_heading}: {detail}");
            }
        }
    }

    /// <summary>A line that stays.</summary>
    public void Say(string line)
    {
        lock (_lock)
        {
            output.WriteLine(terminal ? $"\r\e[K{line}" : line);
            output.Flush();
        }
    }

    /// <summary>Leaves the terminal clean.</summary>
    public void End()
    {
        lock (_lock)
        {
            output.Write(terminal ? "\r\e[K" : "");
            output.Flush();
        }
    }

    private void Show(string line)
    {
        _shown = clock.GetTimestamp();
        if (terminal)
        {
            output.Write($"\r\e[K{line}");
        }
        else
        {
            output.WriteLine(line);
        }

        output.Flush();
    }
}

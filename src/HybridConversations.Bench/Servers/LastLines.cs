namespace HybridConversations.Bench.Servers;

/// <summary>The last lines that a process wrote, for the message when it fails. Thread-safe.</summary>
internal sealed class LastLines
{
    private const int Kept = 20;
    private const int LineCharacters = 500;
    private readonly Queue<string> _lines = new();

    public void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lines)
        {
            _lines.Enqueue(line.Length <= LineCharacters ? line : line[..LineCharacters]);
            if (_lines.Count > Kept)
            {
                _lines.Dequeue();
            }
        }
    }

    public override string ToString()
    {
        lock (_lines)
        {
            return string.Join('\n', _lines);
        }
    }
}

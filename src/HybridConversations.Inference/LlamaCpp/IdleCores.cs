using System.Buffers.Text;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>Cores of this machine that were idle since the last look, from the first line of /proc/stat. Allocates nothing once it is made.</summary>
internal sealed class IdleCores : IDisposable
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux that .NET runs on

    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle? _file;
    private readonly byte[] _line = new byte[512];
    private readonly TimeProvider _time;
    private long _seen;
    private long _idle;

    public IdleCores(TimeProvider time, string path = "/proc/stat")
    {
        _time = time;
        try
        {
            _file = File.OpenHandle(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The system does not say.
        }

        Since();
    }

    /// <summary>Null where the system does not say, or too little time has passed to tell.</summary>
    public double? Since()
    {
        if (_file is null || Ticks() is not { } idle)
        {
            return null;
        }

        var (before, elapsed) = (_idle, _time.GetElapsedTime(_seen).TotalSeconds);
        (_idle, _seen) = (idle, _time.GetTimestamp());
        return elapsed >= 0.1 ? (idle - before) / TicksPerSecond / elapsed : null;
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>Idle time of all processors, the time in which they waited for a disk included.</summary>
    private long? Ticks()
    {
        int length;
        try
        {
            length = RandomAccess.Read(_file!, _line, 0);
        }
        catch (IOException)
        {
            return null;
        }

        // cpu  user nice system idle iowait …
        var rest = _line.AsSpan(0, length);
        if (!rest.StartsWith("cpu "u8))
        {
            return null;
        }

        rest = rest[4..].TrimStart((byte)' ');
        long ticks = 0;
        for (var field = 0; field < 5; field++)
        {
            if (!Utf8Parser.TryParse(rest, out long value, out var used))
            {
                return null;
            }

            ticks += field >= 3 ? value : 0;
            rest = rest[used..].TrimStart((byte)' ');
        }

        return ticks;
    }
}

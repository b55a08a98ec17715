using System.Buffers;
using System.Text;

namespace HybridConversations.Bench.Http;

/// <summary>
/// Server-sent events of a response, each with the moment in which its last byte was read from the connection
/// (https://html.spec.whatwg.org/multipage/server-sent-events.html; ids and retry times mean nothing here). Not thread-safe.
/// </summary>
internal sealed class SseReader(Stream stream, TimeProvider clock) : IDisposable
{
    private const int FirstBuffer = 16 * 1024;
    private readonly ArrayBufferWriter<byte> _data = new(1024);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private int _start;
    private int _scanned;
    private int _end;

    /// <summary>An event or line longer than this ends the reading.</summary>
    public int MaxEventBytes { get; init; } = 4 << 20;

    /// <summary>Name of the event; <c>message</c> where the server gives none.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Its data; valid until the next event is read.</summary>
    public ReadOnlyMemory<byte> Data => _data.WrittenMemory;

    /// <summary>Timestamp of the read that brought the event's end.</summary>
    public long ArrivedAt { get; private set; }

    /// <summary>Reads on to the next event. False at the end of the stream; an unfinished event at the end is dropped.</summary>
    /// <exception cref="InvalidDataException">An event is larger than <see cref="MaxEventBytes"/>.</exception>
    public async ValueTask<bool> Next(CancellationToken cancellationToken)
    {
        _data.ResetWrittenCount();
        Name = "message";
        while (true)
        {
            while (TakeLine(out var from, out var length))
            {
                if (length > 0)
                {
                    TakeField(_buffer.AsSpan(from, length));
                }
                else if (_data.WrittenCount > 0)
                {
                    return true;
                }
                else
                {
                    Name = "message";
                }
            }

            if (!await Fill(cancellationToken))
            {
                return false;
            }
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private bool TakeLine(out int from, out int length)
    {
        var feed = _buffer.AsSpan(_scanned, _end - _scanned).IndexOf((byte)'\n');
        from = _start;
        length = 0;
        if (feed < 0)
        {
            _scanned = _end;
            return false;
        }

        length = _scanned + feed - _start;
        _start = _scanned = _scanned + feed + 1;
        if (length > 0 && _buffer[from + length - 1] == '\r')
        {
            length--;
        }

        return true;
    }

    private void TakeField(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        var field = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? [] : line[(colon + 1)..];
        if (!value.IsEmpty && value[0] == ' ')
        {
            value = value[1..];
        }

        if (field.SequenceEqual("event"u8))
        {
            Name = Encoding.UTF8.GetString(value);
        }
        else if (field.SequenceEqual("data"u8))
        {
            CheckSize(_data.WrittenCount + value.Length);
            if (_data.WrittenCount > 0)
            {
                _data.Write("\n"u8);
            }

            _data.Write(value);
        }
    }

    private async ValueTask<bool> Fill(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _scanned -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            CheckSize(_buffer.Length * 2);
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        ArrivedAt = clock.GetTimestamp();
        _end += read;
        return read > 0;
    }

    private void CheckSize(int size)
    {
        if (size > MaxEventBytes)
        {
            throw new InvalidDataException($"The server sent an event of more than {MaxEventBytes} bytes.");
        }
    }
}

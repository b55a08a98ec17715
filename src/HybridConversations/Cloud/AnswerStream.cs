using System.Buffers;
using HybridConversations.Escalations.Endpoints;

namespace HybridConversations.Cloud;

/// <summary>
/// An answer's bytes, so many and no more, line by line with whole characters in each (<see cref="SplitCharacters"/>). Its end is an error here: an
/// event stream ends with <c>[DONE]</c>, after which no one reads on, so whoever reaches the end of the connection has lost it.
/// </summary>
internal sealed class AnswerStream(Stream inner) : Stream
{
    /// <summary>Far more than any window holds, and less than a server could hurt with.</summary>
    private const long MaxBytes = 64 * 1024 * 1024;
    private static ReadOnlySpan<byte> LineEnds => "\r\n"u8;
    private readonly SplitCharacters _characters = new();
    private readonly byte[] _input = new byte[16 * 1024];

    // The line that is not whole yet, and whole lines that no one has taken yet.
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly ArrayBufferWriter<byte> _ready = new();
    private int _taken;
    private long _read;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_ready.WrittenCount == _taken && buffer.Length > 0)
        {
            Sort(await ReadOn(cancellationToken));
        }

        var length = Math.Min(buffer.Length, _ready.WrittenCount - _taken);
        _ready.WrittenMemory.Slice(_taken, length).CopyTo(buffer);
        _taken += length;
        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Calls are asynchronous.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadOn(CancellationToken cancellationToken)
    {
        int read;
        try
        {
            read = await inner.ReadAsync(_input, cancellationToken);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new CloudException(CloudFailureKind.Cut, "the connection broke off within the reply.");
        }

        if (read == 0)
        {
            throw new CloudException(CloudFailureKind.Cut, "the connection ended before the reply did.");
        }

        if ((_read += read) > MaxBytes)
        {
            throw new CloudException(CloudFailureKind.Malformed, $"its reply has more than {MaxBytes} bytes.");
        }

        return read;
    }

    /// <summary>Whole lines are ready, mended; the rest of the input waits for its line's end, as whoever reads events would.</summary>
    private void Sort(int length)
    {
        _ready.ResetWrittenCount();
        _taken = 0;
        var input = _input.AsSpan(0, length);
        for (var end = input.IndexOfAny(LineEnds); end >= 0; end = input.IndexOfAny(LineEnds))
        {
            _line.Write(input[..(end + 1)]);
            _ready.Write(_characters.Mend(_line.WrittenSpan));
            _line.ResetWrittenCount();
            input = input[(end + 1)..];
        }

        _line.Write(input);
    }
}

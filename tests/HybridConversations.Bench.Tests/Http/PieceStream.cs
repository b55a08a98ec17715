namespace HybridConversations.Bench.Tests.Http;

/// <summary>A stream that gives one piece a read, as a network does.</summary>
internal sealed class PieceStream(IEnumerable<byte[]> pieces, Action onRead) : MemoryStream
{
    private readonly Queue<byte[]> _pieces = new(pieces);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        onRead();
        if (!_pieces.TryDequeue(out var piece))
        {
            return ValueTask.FromResult(0);
        }

        piece.CopyTo(buffer);
        return ValueTask.FromResult(piece.Length);
    }
}

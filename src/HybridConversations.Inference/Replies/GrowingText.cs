namespace HybridConversations.Inference.Replies;

/// <summary>Text that comes in pieces; to add one does not copy those before. Not thread-safe.</summary>
internal sealed class GrowingText
{
    private char[] _characters = new char[256];

    public int Length { get; private set; }

    public ReadOnlySpan<char> Span => _characters.AsSpan(0, Length);

    public void Append(string piece)
    {
        if (Length + piece.Length > _characters.Length)
        {
            Array.Resize(ref _characters, Math.Max(2 * _characters.Length, Length + piece.Length));
        }

        piece.CopyTo(_characters.AsSpan(Length));
        Length += piece.Length;
    }
}

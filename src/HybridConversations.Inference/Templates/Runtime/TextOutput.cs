namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>The text that is being written; a macro cuts its own part off again.</summary>
internal sealed class TextOutput(Meter meter)
{
    private char[] _text = new char[4096];

    public int Length { get; private set; }

    public void Write(ReadOnlySpan<char> text)
    {
        meter.Characters((long)Length + text.Length > meter.Limits.Output ? long.MaxValue / 2 : text.Length);
        if (Length + text.Length > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(Length + text.Length, _text.Length * 2));
        }

        text.CopyTo(_text.AsSpan(Length));
        Length += text.Length;
    }

    /// <summary>Forgets what was written from <paramref name="mark"/> on.</summary>
    public void CutTo(int mark) => Length = mark;

    /// <summary>Takes what was written from <paramref name="mark"/> on out of the text.</summary>
    public string TakeFrom(int mark)
    {
        var text = meter.Made(new string(_text, mark, Length - mark));
        Length = mark;
        return text;
    }

    public override string ToString() => new(_text, 0, Length);
}

using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace HybridConversations.Inference.Text;

/// <summary>
/// Cuts a reply that comes in pieces into sentences, as a speech synthesiser takes them, each as early as the text shows that it has ended.
/// The sentences are the same however the text was cut into pieces, and joined they hold all of it but white space at their edges. Not thread-safe.
/// </summary>
/// <remarks>
/// A sentence ends at a line break, at 。！？ and their kin, and at <c>. ! ? …</c> before white space, where <see cref="SentenceBoundary"/> finds no abbreviation,
/// number, initial or list marker. Text that runs on beyond the limit is cut at a clause, else between two words, else between two characters.
/// </remarks>
public sealed class SentenceSplitter
{
    /// <summary>Characters (UTF-16) of a sentence at most, unless told otherwise.</summary>
    public const int DefaultLimit = 400;

    private static readonly SearchValues<char> Marks = SearchValues.Create(SentenceBoundary.Terminators + "\n\u2028\u2029");
    private readonly int _limit;
    private char[] _buffer;
    private int _start;
    private int _scan;
    private int _end;
    private bool _flushed;

    /// <param name="limit">Characters of a sentence at most, from 20.</param>
    public SentenceSplitter(int limit = DefaultLimit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 20);
        _limit = limit;
        _buffer = new char[limit * 2];
    }

    /// <summary>Adds the next text of the reply; then take sentences until there are none.</summary>
    public void Push(ReadOnlySpan<char> text)
    {
        var held = _end - _start;
        var old = _buffer;
        if (held + text.Length > _buffer.Length)
        {
            _buffer = new char[Math.Max(held + text.Length, _buffer.Length * 2)];
        }

        old.AsSpan(_start, held).CopyTo(_buffer);
        text.CopyTo(_buffer.AsSpan(held));
        _scan -= _start;
        _start = 0;
        _end = held + text.Length;
        _flushed = false;
    }

    /// <summary>The reply has ended: <see cref="TryTake"/> gives the rest too.</summary>
    public void Flush() => _flushed = true;

    /// <summary>Takes the next whole sentence, without white space at its edges; false when more text is needed.</summary>
    public bool TryTake([NotNullWhen(true)] out string? sentence)
    {
        sentence = null;
        SkipWhiteSpace();
        while (true)
        {
            // Nothing behind the limit may be looked at, or the outcome would depend on how much had come.
            var window = _buffer.AsSpan(_start, Math.Min(_end - _start, _limit));
            var overflows = _end - _start > _limit;
            var found = window[(_scan - _start)..].IndexOfAny(Marks);
            if (found < 0)
            {
                _scan = _start + window.Length;
                return TakeRest(window, overflows, out sentence);
            }

            var mark = _scan - _start + found;
            _scan = _start + mark;
            switch (SentenceBoundary.Judge(window, mark, _flushed && !overflows, out var end))
            {
                case SentenceEnd.Yes:
                    sentence = Take(end);
                    return true;
                case SentenceEnd.Unknown:
                    return TakeRest(window, overflows, out sentence);
                case SentenceEnd.No:
                    _scan = _start + end;
                    break;
            }
        }
    }

    private bool TakeRest(ReadOnlySpan<char> window, bool overflows, [NotNullWhen(true)] out string? sentence)
    {
        sentence = overflows ? Take(RunOnCut.Find(window)) : _flushed && window.Length > 0 ? Take(window.Length) : null;
        return sentence is not null;
    }

    private string Take(int length)
    {
        var sentence = _buffer.AsSpan(_start, length).TrimEnd().ToString();
        _start += length;
        _scan = _start;
        return sentence;
    }

    private void SkipWhiteSpace()
    {
        while (_start < _end && char.IsWhiteSpace(_buffer[_start]))
        {
            _start++;
        }

        _scan = Math.Max(_scan, _start);
    }
}

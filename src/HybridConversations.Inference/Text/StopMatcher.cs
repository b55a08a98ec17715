namespace HybridConversations.Inference.Text;

/// <summary>
/// Ends a reply before the first place where one of its stop strings begins, however the text was cut into tokens. Bytes that may begin a stop string are held
/// back until it is certain. Works on UTF-8 bytes, which need not be whole characters; what reads them assembles characters. Not thread-safe;
/// a push allocates only when a piece is longer than any before.
/// </summary>
public sealed class StopMatcher
{
    private const int NoCandidate = -1;
    private readonly StopAutomaton? _automaton;
    private byte[] _buffer = new byte[256];
    private int _start;
    private int _end;
    private int _state;
    private int _candidate = NoCandidate;
    private int _candidateIndex = NoCandidate;
    private int _stopped = NoCandidate;

    /// <param name="stops">At most <see cref="Limits.MaxStopStrings"/> strings of 1 to <see cref="Limits.MaxStopCharacters"/> characters; none is allowed.</param>
    /// <param name="ends">More of them, which the model's form has; not counted.</param>
    /// <exception cref="ProblemException">A stop string is empty or too long, or there are too many.</exception>
    public StopMatcher(IReadOnlyList<string> stops, IReadOnlyList<string>? ends = null)
    {
        if (stops.Count > Limits.MaxStopStrings)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest($"There are {stops.Count} stop strings; at most {Limits.MaxStopStrings} are allowed."));
        }

        for (var i = 0; i < stops.Count; i++)
        {
            if (stops[i].Length is 0 or > Limits.MaxStopCharacters)
            {
                throw new ProblemException(ProblemCodes.InvalidRequest(
                    $"stop[{i}] has {stops[i].Length} characters; a stop string has 1 to {Limits.MaxStopCharacters}."));
            }
        }

        IReadOnlyList<string> all = [.. stops, .. ends ?? []];
        _automaton = all.Count == 0 ? null : new StopAutomaton(all);
    }

    /// <summary>Bytes held back now, because they may begin a stop string.</summary>
    public int Held => _end - _start;

    /// <summary>Takes the next bytes. Once a stop string has come every further push answers so, with no text.</summary>
    public StopMatch Push(ReadOnlySpan<byte> piece)
    {
        if (_automaton is null)
        {
            return new StopMatch(piece, NoCandidate);
        }

        if (_stopped != NoCandidate)
        {
            return new StopMatch([], _stopped);
        }

        var next = Append(piece);
        for (; next < _end; next++)
        {
            _state = _automaton.Next(_state, _buffer[next]);
            var read = next + 1;
            var matched = _automaton.MatchLength(_state);
            if (matched > 0 && (_candidate == NoCandidate || read - matched < _candidate))
            {
                _candidate = read - matched;
                _candidateIndex = _automaton.MatchIndex(_state);
            }

            // A stop string that began earlier may still be on its way ("bc" has come, "abcd" is possible): it wins if it comes.
            if (_candidate != NoCandidate && read - _automaton.Depth(_state) >= _candidate)
            {
                return Stop();
            }
        }

        return Release(_end - _automaton.Depth(_state));
    }

    /// <summary>Ends the text: gives out what was held back, up to a stop string in it.</summary>
    public StopMatch Flush()
    {
        if (_stopped != NoCandidate)
        {
            return new StopMatch([], _stopped);
        }

        return _candidate == NoCandidate ? Release(_end) : Stop();
    }

    private StopMatch Stop()
    {
        _stopped = _candidateIndex;
        var text = _buffer.AsSpan(_start, _candidate - _start);
        _start = _end = 0;
        return new StopMatch(text, _stopped);
    }

    private StopMatch Release(int until)
    {
        var text = _buffer.AsSpan(_start, until - _start);
        _start = until;
        return new StopMatch(text, NoCandidate);
    }

    // Moves what is held to the front and puts the piece behind it; returns where the piece begins.
    private int Append(ReadOnlySpan<byte> piece)
    {
        var held = Held;
        var old = _buffer;
        if (held + piece.Length > _buffer.Length)
        {
            _buffer = new byte[Math.Max(held + piece.Length, _buffer.Length * 2)];
        }

        old.AsSpan(_start, held).CopyTo(_buffer);
        piece.CopyTo(_buffer.AsSpan(held));
        if (_candidate != NoCandidate)
        {
            _candidate -= _start;
        }

        _start = 0;
        _end = held + piece.Length;
        return held;
    }
}

namespace HybridConversations.Inference.Replies;

/// <summary>Reads replies whose thoughts and calls stand between marks.</summary>
/// <param name="form">The marks.</param>
/// <param name="inThought">The prompt has opened a thought.</param>
/// <param name="readsCalls">Calls were offered: their marks are no text.</param>
/// <param name="isText">Is this function's parameter a text by its schema? Null: what it looks like says so.</param>
public sealed class MarkedReplyReader(ReplyForm form, bool inThought, bool readsCalls, Func<string, string, bool>? isText = null) : IReplyReader
{
    private readonly string[] _textMarks = [form.ThoughtOpen, form.ThoughtClose, .. form.Noise, .. readsCalls ? (string[])[form.Calls.Open] : []];
    private string _pending = "";
    private Place _place = inThought ? Place.Thought : Place.Start;
    private ICallReader? _call;
    private int _begun;

    private enum Place
    {
        /// <summary>Nothing but white space has come.</summary>
        Start,
        Text,
        Thought,
        Call,

        /// <summary>Behind a call or a thought: white space is no text.</summary>
        Behind,
    }

    /// <inheritdoc/>
    public int Calls { get; private set; }

    /// <inheritdoc/>
    public IEnumerable<DeviceEvent> Read(string piece)
    {
        _pending += piece;
        var events = new List<DeviceEvent>();
        while (Step(events))
        {
        }

        return events;
    }

    /// <inheritdoc/>
    public IEnumerable<DeviceEvent> End()
    {
        var events = new List<DeviceEvent>();
        switch (_place)
        {
            case Place.Thought when _pending.Length > 0:
                events.Add(new DeviceReasoning(_pending));
                break;
            case Place.Call when !_call!.IsTold:
                Say(events, form.Calls.BeginsBare ? _call.Text : form.Calls.Open + _call.Text); // it never became a call
                break;
            case Place.Start or Place.Text when _pending.Length > 0:
                Say(events, _pending);
                break;
        }

        _pending = "";
        return events;
    }

    /// <returns>True while there is more to do.</returns>
    private bool Step(List<DeviceEvent> events)
    {
        switch (_place)
        {
            case Place.Call:
                return StepCall(events);
            case Place.Thought:
                return StepThought(events);
            case Place.Start or Place.Behind:
                return StepSpace();
            default:
                return StepText(events);
        }
    }

    /// <summary>White space at the beginning stays what it is, white space behind a thought or a call goes.</summary>
    private bool StepSpace()
    {
        var trimmed = _pending.TrimStart();
        if (trimmed.Length == 0)
        {
            return false;
        }

        if (readsCalls && form.Calls.BeginsBare && trimmed[0] == '{')
        {
            return BeginCall(trimmed);
        }

        if (_place == Place.Behind)
        {
            var (close, between) = (form.Calls.Close.TrimStart(), form.Calls.Between?.TrimEnd());
            if (_call is not null && close.Length > 0 && trimmed.StartsWith(close, StringComparison.Ordinal))
            {
                (_pending, _call) = (trimmed[close.Length..], null);
                return true;
            }

            if (_call is not null && between is not null && trimmed.StartsWith(between, StringComparison.Ordinal))
            {
                return BeginCall(trimmed[between.Length..]);
            }

            if (_call is not null && close.StartsWith(trimmed, StringComparison.Ordinal))
            {
                return false;
            }

            _pending = trimmed;
        }

        _place = Place.Text;
        return true;
    }

    private bool StepText(List<DeviceEvent> events)
    {
        var (at, mark) = MarkSearch.Find(_pending, _textMarks);
        if (mark is null)
        {
            var ready = _pending.Length - MarkSearch.Held(_pending, _textMarks);
            Say(events, _pending[..ready]);
            _pending = _pending[ready..];
            return false;
        }

        var before = _pending[..at];
        Say(events, mark == form.ThoughtOpen ? before.TrimStart() : before);
        var rest = _pending[(at + mark.Length)..];
        if (readsCalls && mark == form.Calls.Open)
        {
            return BeginCall(rest);
        }

        (_pending, _place, _call) = (rest, mark == form.ThoughtOpen ? Place.Thought : Place.Behind, null);
        return true;
    }

    private bool StepThought(List<DeviceEvent> events)
    {
        var (at, mark) = MarkSearch.Find(_pending, [form.ThoughtClose]);
        var ready = mark is null ? _pending.Length - MarkSearch.Held(_pending, [form.ThoughtClose]) : at;
        if (ready > 0)
        {
            events.Add(new DeviceReasoning(_pending[..ready]));
        }

        _pending = _pending[(ready + (mark?.Length ?? 0))..];
        _place = mark is null ? Place.Thought : Place.Behind;
        _call = null;
        return mark is not null;
    }

    private bool BeginCall(string rest)
    {
        (_pending, _place, _call) = (rest, Place.Call, form.Calls.Reader(_begun++, isText ?? ((_, _) => false)));
        return true;
    }

    private bool StepCall(List<DeviceEvent> events)
    {
        if (_pending.Length == 0)
        {
            return false;
        }

        events.AddRange(_call!.Read(_pending));
        _pending = "";
        if (!_call.IsEnd)
        {
            return false;
        }

        if (_call.IsTold)
        {
            Calls++;
        }
        else
        {
            Say(events, _call.Text[..^_call.Rest.Length]); // JSON, and no call
        }

        (_pending, _place) = (_call.Rest, Place.Behind);
        return true;
    }

    private static void Say(List<DeviceEvent> events, string text)
    {
        if (text.Length > 0)
        {
            events.Add(new DeviceText(text));
        }
    }
}

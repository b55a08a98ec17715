namespace HybridConversations.Inference.Replies;

/// <summary>Reads a call whose arguments are a JSON object. What a piece costs does not depend on how long the call is.</summary>
internal sealed class CallReader(CallForm form, int index) : ICallReader
{
    private readonly CallObject _object = new();
    private readonly GrowingText _text = new();
    private int _objectFrom = -1;
    private string? _name;
    private bool _isTold;
    private int _told;

    public string Text => _text.Span.ToString();

    public bool IsTold => _isTold;

    public bool IsEnd { get; private set; }

    public string Rest { get; private set; } = "";

    public IEnumerable<DeviceEvent> Read(string piece)
    {
        var before = _text.Length;
        _text.Append(piece);
        return form.IsObject ? ReadObject(before) : ReadNamed(before);
    }

    private List<DeviceEvent> ReadObject(int before)
    {
        if (!FindObject(before))
        {
            return [];
        }

        return _object.Name is null ? []
            : _object.ArgumentsFrom < 0 ? Tell(_object.Name, IsEnd ? "{}" : "")
            : Tell(_object.Name, _text.Span[_objectFrom..][_object.ArgumentsFrom.._object.ArgumentsTo]);
    }

    private List<DeviceEvent> ReadNamed(int before)
    {
        if (_name is null)
        {
            var text = _text.Span;
            var start = text.StartsWith(form.BeforeName) ? form.BeforeName.Length : 0;
            var length = text[start..].IndexOf(form.AfterName);
            if (length < 0)
            {
                return [];
            }

            _name = text.Slice(start, length).Trim().ToString();
            before = start + length + form.AfterName.Length;
        }

        return !FindObject(before) ? Tell(_name, "") : Tell(_name, _text.Span.Slice(_objectFrom, _object.End >= 0 ? _object.End : _text.Length - _objectFrom));
    }

    /// <summary>Reads on in the call's object; false while it has not begun.</summary>
    /// <param name="from">Where what is new begins.</param>
    private bool FindObject(int from)
    {
        if (_objectFrom < 0 && _text.Span[from..].IndexOf('{') is >= 0 and var at)
        {
            _objectFrom = from + at;
        }

        if (_objectFrom < 0)
        {
            return false;
        }

        _object.Read(_text.Span[_objectFrom..]);
        if (_object.End >= 0 && !IsEnd)
        {
            (IsEnd, Rest) = (true, _text.Span[(_objectFrom + _object.End)..].ToString());
        }

        return true;
    }

    private List<DeviceEvent> Tell(string name, ReadOnlySpan<char> arguments)
    {
        var events = new List<DeviceEvent>(2);
        if (!_isTold)
        {
            _isTold = true;
            events.Add(new DeviceToolCall(index, CallIds.Next(), name));
        }

        if (arguments.Length > _told || IsEnd)
        {
            events.Add(new DeviceToolArguments(index, arguments[Math.Min(_told, arguments.Length)..].ToString(), IsEnd));
            _told = arguments.Length;
        }

        return events;
    }
}

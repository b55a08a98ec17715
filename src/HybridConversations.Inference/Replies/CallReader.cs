namespace HybridConversations.Inference.Replies;

/// <summary>Reads one call behind its mark, as tolerantly as models write. What a piece costs does not depend on how long the call is. Not thread-safe.</summary>
internal sealed class CallReader(CallForm form, int index)
{
    private readonly CallObject _object = new();
    private char[] _text = new char[256];
    private int _length;
    private int _objectFrom = -1;
    private string? _name;
    private bool _isTold;
    private int _told;

    /// <summary>All that has come of it.</summary>
    public string Text => _text.AsSpan(0, _length).ToString();

    /// <summary>Its name has been told.</summary>
    public bool IsTold => _isTold;

    /// <summary>It is whole.</summary>
    public bool IsEnd { get; private set; }

    /// <summary>What came behind it, once it is whole.</summary>
    public string Rest { get; private set; } = "";

    public IEnumerable<DeviceEvent> Read(string piece)
    {
        if (_length + piece.Length > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(2 * _text.Length, _length + piece.Length));
        }

        piece.CopyTo(_text.AsSpan(_length));
        var before = _length;
        _length += piece.Length;
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
            : Tell(_object.Name, _text.AsSpan(_objectFrom)[_object.ArgumentsFrom.._object.ArgumentsTo]);
    }

    private List<DeviceEvent> ReadNamed(int before)
    {
        if (_name is null)
        {
            var text = _text.AsSpan(0, _length);
            var start = text.StartsWith(form.BeforeName) ? form.BeforeName.Length : 0;
            var length = text[start..].IndexOf(form.AfterName);
            if (length < 0)
            {
                return [];
            }

            _name = text.Slice(start, length).Trim().ToString();
            before = start + length + form.AfterName.Length;
        }

        return !FindObject(before) ? Tell(_name, "") : Tell(_name, _text.AsSpan(_objectFrom, (_object.End >= 0 ? _object.End : _length - _objectFrom)));
    }

    /// <summary>Reads on in the call's object; false while it has not begun.</summary>
    /// <param name="from">Where what is new begins.</param>
    private bool FindObject(int from)
    {
        if (_objectFrom < 0 && _text.AsSpan(from, _length - from).IndexOf('{') is >= 0 and var at)
        {
            _objectFrom = from + at;
        }

        if (_objectFrom < 0)
        {
            return false;
        }

        _object.Read(_text.AsSpan(_objectFrom, _length - _objectFrom));
        if (_object.End >= 0 && !IsEnd)
        {
            (IsEnd, Rest) = (true, _text.AsSpan((_objectFrom + _object.End).._length).ToString());
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

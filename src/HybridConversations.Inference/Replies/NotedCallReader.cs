namespace HybridConversations.Inference.Replies;

/// <summary>Reads a call whose arguments are in a notation of their own (Gemma 4): its name is told at once, its arguments, as JSON, when it is whole.</summary>
internal sealed class NotedCallReader(CallForm form, int index) : ICallReader
{
    private readonly GrowingText _text = new();
    private int _searched;
    private int _from = -1;
    private bool _inQuote;

    public string Text => _text.Span.ToString();

    public bool IsTold => _from >= 0;

    public bool IsEnd { get; private set; }

    public string Rest { get; private set; } = "";

    public IEnumerable<DeviceEvent> Read(string piece)
    {
        _text.Append(piece);
        var events = new List<DeviceEvent>();
        if (_from < 0 && !ReadName(events))
        {
            return events;
        }

        while (!IsEnd)
        {
            var rest = _text.Span[_searched..];
            var (quote, close) = (rest.IndexOf(form.Quote), _inQuote ? -1 : rest.IndexOf(form.Close));
            if (close >= 0 && (quote < 0 || close < quote))
            {
                (IsEnd, Rest) = (true, rest[(close + form.Close.Length)..].ToString());
                events.Add(new DeviceToolArguments(index, NotedArguments.Json("{" + _text.Span[_from..(_searched + close)].ToString(), form.Quote!), IsEnd: true));
            }
            else if (quote >= 0)
            {
                (_searched, _inQuote) = (_searched + quote + form.Quote!.Length, !_inQuote);
            }
            else
            {
                _searched = Math.Max(_searched, _text.Length - Math.Max(form.Quote!.Length, form.Close.Length) + 1);
                break;
            }
        }

        return events;
    }

    private bool ReadName(List<DeviceEvent> events)
    {
        var text = _text.Span;
        var before = text.IndexOf(form.BeforeName);
        var from = before + form.BeforeName.Length;
        var length = before < 0 ? -1 : text[from..].IndexOf(form.AfterName);
        if (length <= 0)
        {
            return false;
        }

        _searched = _from = from + length + form.AfterName.Length;
        events.Add(new DeviceToolCall(index, CallIds.Next(), text.Slice(from, length).Trim().ToString()));
        return true;
    }
}

namespace HybridConversations.Inference.Replies;

/// <summary>Reads replies in channels, as gpt-oss writes them: each message has a header (analysis is thought, final is text, a recipient is called), then its content.</summary>
public sealed class HarmonyReplyReader : IReplyReader
{
    private const string Message = "<|message|>";
    private const string Recipient = "to=functions.";
    private static readonly string[] Marks = ["<|channel|>", Message, "<|start|>", "<|end|>", "<|constrain|>", "<|call|>"];
    private string _pending = "";
    private string _header = "";
    private bool _inHeader = true;
    private int _begun = -1;

    /// <inheritdoc/>
    public int Calls { get; private set; }

    private bool IsCall => _header.Contains(Recipient, StringComparison.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<DeviceEvent> Read(string piece)
    {
        _pending += piece;
        var events = new List<DeviceEvent>();
        while (true)
        {
            var (at, mark) = MarkSearch.Find(_pending, Marks);
            var ready = mark is null ? _pending.Length - MarkSearch.Held(_pending, Marks) : at;
            Take(events, _pending[..ready]);
            _pending = _pending[(ready + (mark?.Length ?? 0))..];
            if (mark is null)
            {
                return events;
            }

            Cross(events, mark);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<DeviceEvent> End()
    {
        var events = new List<DeviceEvent>();
        Take(events, _pending);
        _pending = "";

        // The mark that ends a call ends the reply too and never comes here.
        EndCall(events);
        return events;
    }

    private void Cross(List<DeviceEvent> events, string mark)
    {
        switch (mark)
        {
            case Message:
                _inHeader = false;
                if (IsCall)
                {
                    events.Add(new DeviceToolCall(++_begun, CallIds.Next(), Name()));
                }

                break;
            case "<|start|>" or "<|end|>" or "<|call|>":
                EndCall(events);
                (_inHeader, _header) = (true, "");
                break;
            default:
                if (!_inHeader)
                {
                    (_inHeader, _header) = (true, "");
                }

                _header += " ";
                break;
        }
    }

    private void Take(List<DeviceEvent> events, string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        if (_inHeader)
        {
            _header += text;
            return;
        }

        events.Add(IsCall ? new DeviceToolArguments(_begun, text, IsEnd: false)
            : _header.Contains("analysis", StringComparison.Ordinal) ? new DeviceReasoning(text)
            : new DeviceText(text));
    }

    private void EndCall(List<DeviceEvent> events)
    {
        if (!_inHeader && IsCall)
        {
            Calls++;
            events.Add(new DeviceToolArguments(_begun, "", IsEnd: true));
            (_inHeader, _header) = (true, "");
        }
    }

    private string Name()
    {
        var from = _header.IndexOf(Recipient, StringComparison.Ordinal) + Recipient.Length;
        var to = _header.IndexOf(' ', from);
        return to < 0 ? _header[from..] : _header[from..to];
    }
}

using System.Text;

namespace HybridConversations.Inference.Replies;

/// <summary>Reads one call behind its mark, as tolerantly as models write. Not thread-safe.</summary>
internal sealed class CallReader(CallForm form, int index)
{
    private readonly StringBuilder _text = new();
    private bool _isTold;
    private int _told;

    /// <summary>All that has come of it.</summary>
    public string Text => _text.ToString();

    /// <summary>Its name has been told.</summary>
    public bool IsTold => _isTold;

    /// <summary>It is whole.</summary>
    public bool IsEnd { get; private set; }

    /// <summary>What came behind it, once it is whole.</summary>
    public string Rest { get; private set; } = "";

    public IEnumerable<DeviceEvent> Read(string piece)
    {
        _text.Append(piece);
        var text = _text.ToString();
        return form.IsObject ? ReadObject(text) : ReadNamed(text);
    }

    private IEnumerable<DeviceEvent> ReadObject(string text)
    {
        var from = text.IndexOf('{', StringComparison.Ordinal);
        if (from < 0)
        {
            return [];
        }

        var call = CallObject.Read(text[from..]);
        if (call.End >= 0)
        {
            (IsEnd, Rest) = (true, text[(from + call.End)..]);
        }

        return call.Name is null ? []
            : call.ArgumentsFrom < 0 ? Tell(call.Name, IsEnd ? "{}" : "")
            : Tell(call.Name, text.Substring(from + call.ArgumentsFrom, call.ArgumentsTo - call.ArgumentsFrom));
    }

    private IEnumerable<DeviceEvent> ReadNamed(string text)
    {
        var name = text.IndexOf(form.AfterName, form.BeforeName.Length <= text.Length && text.StartsWith(form.BeforeName, StringComparison.Ordinal) ? form.BeforeName.Length : 0, StringComparison.Ordinal);
        if (name < 0)
        {
            return [];
        }

        var start = text.StartsWith(form.BeforeName, StringComparison.Ordinal) ? form.BeforeName.Length : 0;
        var from = text.IndexOf('{', name + form.AfterName.Length);
        if (from < 0)
        {
            return Tell(text[start..name].Trim(), "");
        }

        var end = CallObject.EndOf(text[from..]);
        if (end >= 0)
        {
            (IsEnd, Rest) = (true, text[(from + end)..]);
        }

        return Tell(text[start..name].Trim(), end < 0 ? text[from..] : text.Substring(from, end));
    }

    private IEnumerable<DeviceEvent> Tell(string name, string arguments)
    {
        if (!_isTold)
        {
            _isTold = true;
            yield return new DeviceToolCall(index, CallIds.Next(), name);
        }

        if (arguments.Length > _told || IsEnd)
        {
            var more = arguments[Math.Min(_told, arguments.Length)..];
            _told = arguments.Length;
            yield return new DeviceToolArguments(index, more, IsEnd);
        }
    }
}

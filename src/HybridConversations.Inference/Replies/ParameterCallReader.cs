using System.Text.Json;
using HybridConversations.Inference.Grammar;

namespace HybridConversations.Inference.Replies;

/// <summary>Reads a call whose parameters stand each between marks of their own (Qwen3-Coder, GLM): each is told when it is whole, as a member of a JSON object.</summary>
/// <param name="form">How it is written.</param>
/// <param name="index">Counts the calls of a reply.</param>
/// <param name="isText">Is this function's parameter a text by its schema? Then it is one whatever it looks like.</param>
internal sealed class ParameterCallReader(CallForm form, int index, Func<string, string, bool> isText) : ICallReader
{
    private readonly ParameterMarks _marks = form.Parameters!;
    private readonly string _close = form.Close.Trim();
    private readonly GrowingText _text = new();
    private int _at;
    private int _searched;
    private string? _name;
    private string? _parameter;
    private bool _any;

    public string Text => _text.Span.ToString();

    public bool IsTold => _name is not null;

    public bool IsEnd { get; private set; }

    public string Rest { get; private set; } = "";

    public IEnumerable<DeviceEvent> Read(string piece)
    {
        _text.Append(piece);
        var events = new List<DeviceEvent>();
        while (!IsEnd && (_name is null ? ReadName(events) : _parameter is null ? ReadParameter(events) : ReadValue(events)))
        {
        }

        return events;
    }

    private bool ReadName(List<DeviceEvent> events)
    {
        var rest = _text.Span[_at..];
        var before = form.BeforeName.Length == 0 ? 0 : rest.IndexOf(form.BeforeName);
        if (before < 0)
        {
            return false;
        }

        var from = before + form.BeforeName.Length;
        from += rest[from..].Length - rest[from..].TrimStart().Length;
        var mark = form.AfterName.Trim();
        var length = mark.Length > 0 ? rest[from..].IndexOf(mark) : rest[from..].IndexOfAny('\n', '<');
        if (length <= 0)
        {
            return false;
        }

        _name = rest.Slice(from, length).Trim().ToString();
        _at += from + length + mark.Length;
        events.Add(new DeviceToolCall(index, CallIds.Next(), _name));
        return true;
    }

    private bool ReadParameter(List<DeviceEvent> events)
    {
        var rest = _text.Span[_at..];
        var (next, close) = (rest.IndexOf(_marks.Before), rest.IndexOf(_close));
        if (close >= 0 && (next < 0 || close < next))
        {
            (IsEnd, Rest) = (true, rest[(close + _close.Length)..].ToString());
            events.Add(new DeviceToolArguments(index, _any ? "}" : "{}", IsEnd: true));
            return false;
        }

        if (next < 0)
        {
            return false;
        }

        var from = next + _marks.Before.Length;
        var length = rest[from..].IndexOf(_marks.NameEnd);
        if (length < 0)
        {
            return false;
        }

        var value = from + length + _marks.NameEnd.Length;
        if (_marks.ValueBegin.Length > 0)
        {
            var begin = rest[value..].IndexOf(_marks.ValueBegin);
            if (begin < 0)
            {
                return false;
            }

            value += begin + _marks.ValueBegin.Length;
        }

        _parameter = rest.Slice(from, length).Trim().ToString();
        _searched = _at += value;
        return true;
    }

    private bool ReadValue(List<DeviceEvent> events)
    {
        var end = _text.Span[_searched..].IndexOf(_marks.ValueEnd);
        if (end < 0)
        {
            _searched = Math.Max(_at, _text.Length - _marks.ValueEnd.Length + 1);
            return false;
        }

        var value = _text.Span[_at..(_searched + end)].ToString();
        if (_marks.IsOnLines)
        {
            value = value.StartsWith('\n') ? value[1..] : value;
            value = value.EndsWith('\n') ? value[..^1] : value;
        }

        events.Add(new DeviceToolArguments(index, $"{(_any ? ", " : "{")}{CompactJson.Write(_parameter!)}: {Value(value)}", IsEnd: false));
        _at = _searched + end + _marks.ValueEnd.Length;
        (_parameter, _any) = (null, true);
        return true;
    }

    private string Value(string value) => isText(_name!, _parameter!) ? CompactJson.Write(value) : value.Trim() switch
    {
        // As templates print what Python has.
        "True" => "true",
        "False" => "false",
        "None" => "null",
        var trimmed when IsJson(trimmed) => trimmed,
        _ => CompactJson.Write(value),
    };

    private static bool IsJson(string text)
    {
        try
        {
            JsonDocument.Parse(text).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

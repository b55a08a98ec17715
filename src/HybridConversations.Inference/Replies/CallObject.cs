using System.Text.Json;

namespace HybridConversations.Inference.Replies;

/// <summary>
/// What is known of a JSON object that comes in pieces: its end, its name and where its arguments are. White space, the order of the members and further members do not matter.
/// Each character is looked at once.
/// </summary>
internal sealed class CallObject
{
    private int _at;
    private int _depth;
    private bool _inString;
    private bool _isEscaped;
    private int _valueFrom = -1;
    private string? _key;

    /// <summary>Behind the object; −1 while it is not whole.</summary>
    public int End { get; private set; } = -1;

    /// <summary>Null while it is not known.</summary>
    public string? Name { get; private set; }

    /// <summary>Where the arguments begin; −1 while they have not.</summary>
    public int ArgumentsFrom { get; private set; } = -1;

    /// <summary>Where what has come of them ends.</summary>
    public int ArgumentsTo { get; private set; } = -1;

    /// <summary>Goes on where it was.</summary>
    /// <param name="text">Begins with the object and with all that it was given before.</param>
    public void Read(ReadOnlySpan<char> text)
    {
        for (; _at < text.Length && End < 0; _at++)
        {
            if (!IsMark(text, text[_at]) && _depth >= 1 && (_valueFrom >= 0 || !char.IsWhiteSpace(text[_at])))
            {
                TakeValue(text[_at]);
            }
        }
    }

    private static string? Unquoted(ReadOnlySpan<char> text)
    {
        try
        {
            return JsonSerializer.Deserialize<string>(text.Trim());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Does this character only divide the object's own members?</summary>
    private bool IsMark(ReadOnlySpan<char> text, char character)
    {
        if (_inString)
        {
            (_inString, _isEscaped) = (_isEscaped || character != '"', !_isEscaped && character == '\\');
            return false;
        }

        switch (character)
        {
            case '"':
                _inString = true;
                return false;
            case ':' when _depth == 1:
                _key = _valueFrom >= 0 ? Unquoted(text[_valueFrom.._at]) : null;
                _valueFrom = -1;
                return true;
            case '{' or '[':
                return ++_depth == 1;
            case ',' when _depth == 1:
                EndMember(text);
                return true;
            case '}' or ']' when --_depth == 0:
                EndMember(text);
                End = _at + 1;
                return true;
            default:
                return false;
        }
    }

    private void EndMember(ReadOnlySpan<char> text)
    {
        Name = _key is "name" or "tool_name" && _valueFrom >= 0 ? Unquoted(text[_valueFrom.._at]) : Name;
        (_key, _valueFrom) = (null, -1);
    }

    private void TakeValue(char character)
    {
        _valueFrom = _valueFrom < 0 ? _at : _valueFrom;
        if (_key is "arguments" or "parameters" && !(_depth == 1 && !_inString && char.IsWhiteSpace(character)))
        {
            (ArgumentsFrom, ArgumentsTo) = (_valueFrom, _at + 1);
        }
    }
}

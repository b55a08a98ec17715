using System.Text;
using System.Text.Json;
using HybridConversations.Inference.Grammar;

namespace HybridConversations.Inference.Replies;

/// <summary>Turns arguments in Gemma 4's notation into JSON: as JSON, but texts stand between a mark, and names are bare. What is not closed is closed at the end.</summary>
internal ref struct NotedArguments
{
    private const int MaxDepth = 60;
    private readonly string _quote;
    private readonly StringBuilder _json;
    private ReadOnlySpan<char> _rest;

    private NotedArguments(string text, string quote)
    {
        _rest = text;
        _quote = quote;
        _json = new StringBuilder(text.Length + 16);
    }

    /// <summary>The JSON text of an object.</summary>
    /// <param name="text">Begins with a brace.</param>
    /// <param name="quote">What texts stand between.</param>
    public static string Json(string text, string quote)
    {
        var noted = new NotedArguments(text, quote);
        noted.Value(0);
        return noted._json.ToString();
    }

    private void Value(int depth)
    {
        _rest = _rest.TrimStart();
        if (_rest.StartsWith(_quote))
        {
            _json.Append(CompactJson.Write(Quoted()));
        }
        else if (depth < MaxDepth && _rest is ['{' or '[', ..])
        {
            List(depth, isObject: _rest[0] == '{');
        }
        else
        {
            Scalar();
        }
    }

    private void List(int depth, bool isObject)
    {
        _rest = _rest[1..];
        _json.Append(isObject ? '{' : '[');
        for (var any = false; ; any = true)
        {
            _rest = _rest.TrimStart();
            if (_rest is [',', ..])
            {
                _rest = _rest[1..].TrimStart();
            }

            if (_rest is [] or ['}' or ']', ..])
            {
                break;
            }

            _json.Append(any ? ", " : "");
            if (isObject)
            {
                _json.Append(CompactJson.Write(Name())).Append(": ");
            }

            Value(depth + 1);
        }

        _rest = _rest is [] ? _rest : _rest[1..];
        _json.Append(isObject ? '}' : ']');
    }

    private string Name()
    {
        string name;
        if (_rest.StartsWith(_quote))
        {
            name = Quoted();
            _rest = _rest.TrimStart();
        }
        else
        {
            var length = _rest.IndexOfAny(':', ',', '}') is >= 0 and var at ? at : _rest.Length;
            name = _rest[..length].Trim().Trim('"').ToString();
            _rest = _rest[length..];
        }

        _rest = _rest is [':', ..] ? _rest[1..] : _rest;
        return name;
    }

    private string Quoted()
    {
        _rest = _rest[_quote.Length..];
        var length = _rest.IndexOf(_quote) is >= 0 and var at ? at : _rest.Length;
        var text = _rest[..length].ToString();
        _rest = _rest[Math.Min(_rest.Length, length + _quote.Length)..];
        return text;
    }

    /// <summary>A number, true, false or null; anything else is a text that somebody forgot to quote.</summary>
    private void Scalar()
    {
        var length = _rest.IndexOfAny(',', '}', ']') is >= 0 and var at ? at : _rest.Length;
        var text = _rest[..length].Trim().ToString();
        _rest = _rest[length..];
        try
        {
            using var parsed = JsonDocument.Parse(text);
            _json.Append(parsed.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? "null" : text);
        }
        catch (JsonException)
        {
            _json.Append(text.Length == 0 ? "null" : CompactJson.Write(text));
        }
    }
}

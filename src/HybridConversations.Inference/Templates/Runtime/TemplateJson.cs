using System.Globalization;
using System.Text;

namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>Values as JSON, as <c>tojson</c> and Python's <c>json.dumps</c> lay it out.</summary>
internal static class TemplateJson
{
    public static string Write(Value value, JsonLayout layout, Meter meter)
    {
        var text = new StringBuilder();
        Write(text, value, layout, 0, meter);
        return meter.Made(text.ToString());
    }

    private static void Write(StringBuilder text, Value value, JsonLayout layout, int depth, Meter meter)
    {
        meter.Enter();
        if (text.Length > meter.Limits.Output)
        {
            throw Fail.Limit($"The template writes more than {meter.Limits.Output} characters.");
        }

        switch (value)
        {
            case NullValue:
                text.Append("null");
                break;
            case UndefinedValue:
                text.Append(layout.Undefined);
                break;
            case NumberValue number:
                text.Append(double.IsFinite(number.Number) ? Numbers.Format(number.Number) : "null");
                break;
            case BooleanValue boolean:
                text.Append(boolean.IsTrue ? "true" : "false");
                break;
            case TextValue { Text: var content }:
                Quote(text, content, layout.EnsureAscii);
                break;
            case ListValue { IsTuple: false } list:
                Enclose(text, '[', ']', list.Items, layout, depth, item => Write(text, item, layout, depth + 1, meter));
                break;
            case MapValue { Entries: var entries }:
                Entries(text, entries, layout, depth, meter);
                break;
            case NamespaceValue { Entries: var entries }:
                Entries(text, entries, layout, depth, meter);
                break;
            default:
                throw Fail.Evaluation($"a {value.Kind} cannot be written as JSON");
        }

        meter.Leave();
    }

    private static void Entries(StringBuilder text, OrderedDictionary<string, Value> entries, JsonLayout layout, int depth, Meter meter)
    {
        IReadOnlyList<KeyValuePair<string, Value>> ordered = layout.SortKeys ? [.. entries.OrderBy(entry => entry.Key, Collation.Instance)] : [.. entries];
        Enclose(text, '{', '}', ordered, layout, depth, entry =>
        {
            Quote(text, entry.Key, layout.EnsureAscii);
            text.Append(layout.KeySeparator);
            Write(text, entry.Value, layout, depth + 1, meter);
        });
    }

    private static void Enclose<T>(StringBuilder text, char open, char close, IReadOnlyList<T> items, JsonLayout layout, int depth, Action<T> write)
    {
        text.Append(open);
        for (var at = 0; at < items.Count; at++)
        {
            text.Append(at > 0 ? layout.Separator : "");
            Break(text, layout, depth + 1);
            write(items[at]);
        }

        if (items.Count > 0)
        {
            Break(text, layout, depth);
        }

        text.Append(close);
    }

    private static void Break(StringBuilder text, JsonLayout layout, int depth)
    {
        if (layout.Indent > 0)
        {
            text.Append('\n').Append(' ', layout.Indent * depth);
        }
    }

    private static void Quote(StringBuilder text, string content, bool ensureAscii)
    {
        text.Append('"');
        for (var at = 0; at < content.Length; at++)
        {
            var character = content[at];
            var escaped = character switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\f' => "\\f",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' => Code(character),
                >= '\x7f' when ensureAscii => Code(character),
                >= '\ud800' and <= '\udfff' when IsAlone(content, at) => Code(character),
                _ => null,
            };
            if (escaped is null)
            {
                text.Append(character);
            }
            else
            {
                text.Append(escaped);
            }
        }

        text.Append('"');
    }

    private static string Code(char character) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");

    private static bool IsAlone(string content, int at) => char.IsHighSurrogate(content[at])
        ? at + 1 >= content.Length || !char.IsLowSurrogate(content[at + 1])
        : at == 0 || !char.IsHighSurrogate(content[at - 1]);
}

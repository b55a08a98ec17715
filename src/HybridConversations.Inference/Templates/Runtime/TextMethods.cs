namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>What can be called on a text. <c>strip</c> and its kin take no characters, as in the oracle.</summary>
internal static class TextMethods
{
    public static Value? Find(TextValue value, string name)
    {
        var text = value.Text;
        return name switch
        {
            "length" => NumberValue.Integer(text.Length),
            "upper" => Of(text, static (text, _) => Texts.Upper(text)),
            "lower" => Of(text, static (text, _) => Texts.Lower(text)),
            "title" => Of(text, static (text, _) => Texts.Title(text)),
            "capitalize" => Of(text, static (text, _) => Capitalize(text)),
            "strip" => Of(text, static (text, _) => Texts.Trim(text)),
            "lstrip" => Of(text, static (text, _) => Texts.TrimStart(text)),
            "rstrip" => Of(text, static (text, _) => Texts.TrimEnd(text)),
            "replace" => new FunctionValue((arguments, scope) => Replace(text, arguments, scope.Meter)),
            "startswith" => Test(text, static (text, part) => text.StartsWith(part, StringComparison.Ordinal)),
            "endswith" => Test(text, static (text, part) => text.EndsWith(part, StringComparison.Ordinal)),
            "split" => new FunctionValue((arguments, scope) => Split(text, arguments, scope.Meter)),

            // Python's, which the oracle does not know.
            "removeprefix" => Of(text, static (text, arguments) => arguments.Text(0, "prefix") is { } part && text.StartsWith(part, StringComparison.Ordinal) ? text[part.Length..] : text),
            "removesuffix" => Of(text, static (text, arguments) => arguments.Text(0, "suffix") is { } part && text.EndsWith(part, StringComparison.Ordinal) ? text[..^part.Length] : text),
            "find" => new FunctionValue((arguments, _) => NumberValue.Integer(text.IndexOf(arguments.Text(0, "sub") ?? "", StringComparison.Ordinal))),
            _ => null,
        };
    }

    public static string Capitalize(string text) => text.Length == 0 ? "" : Texts.Upper(text[..1]) + text[1..];

    public static TextValue Replace(string text, Arguments arguments, Meter meter)
    {
        if (arguments.Positional is not [TextValue { Text: var old }, TextValue { Text: var replacement }, ..])
        {
            throw Fail.Evaluation("replace takes two strings");
        }

        var count = arguments.Integer(2, "count");
        var left = count is null or < 0 ? double.PositiveInfinity : count.Value;
        var parts = new List<string>();
        var (at, length) = (0, 0L);
        while (left-- > 0 && Next(text, old, at, parts.Count) is >= 0 and var next)
        {
            meter.Elements(1);
            parts.Add(text[at..next]);
            parts.Add(replacement);
            length += next - at + replacement.Length;
            if (length > meter.Limits.Output)
            {
                meter.Characters(length);
            }

            at = next + old.Length;
        }

        parts.Add(text[at..]);
        return new TextValue(meter.Made(string.Concat(parts)));
    }

    public static ListValue Split(string text, Arguments arguments, Meter meter)
    {
        var limit = arguments.Integer(1, "maxsplit") is { } most and >= 0 ? most : double.PositiveInfinity;
        IReadOnlyList<string> parts = arguments.Text(0, "sep") switch
        {
            null => Words(text, limit, meter),
            "" => throw Fail.Evaluation("split needs a separator that is not empty"),
            var separator => Parts(text, separator, limit < int.MaxValue ? (int)limit + 1 : int.MaxValue, meter),
        };
        return new ListValue([.. parts.Select(part => new TextValue(part))]);
    }

    private static string[] Parts(string text, string separator, int most, Meter meter)
    {
        meter.Characters(text.Length);
        meter.Elements(Math.Min(most, text.AsSpan().Count(separator) + 1));
        return text.Split(separator, most, StringSplitOptions.None);
    }

    /// <summary>Where the next match begins; an empty pattern matches between any two characters.</summary>
    private static int Next(string text, string old, int at, int found)
    {
        if (old.Length > 0)
        {
            return text.IndexOf(old, at, StringComparison.Ordinal);
        }

        var next = found == 0 ? 0 : at + (at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1);
        return next <= text.Length ? next : -1;
    }

    private static List<string> Words(string text, double limit, Meter meter)
    {
        meter.Characters(text.Length);
        var words = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            if (Texts.IsSpace(text[at]))
            {
                at++;
                continue;
            }

            var end = at;
            while (end < text.Length && !Texts.IsSpace(text[end]))
            {
                end++;
            }

            meter.Elements(1);
            if (words.Count >= limit)
            {
                words.Add(text[at..]);
                break;
            }

            words.Add(text[at..end]);
            at = end;
        }

        return words;
    }

    private static FunctionValue Of(string text, Func<string, Arguments, string> make) => new((arguments, scope) => new TextValue(scope.Meter.Made(make(text, arguments))));

    private static FunctionValue Test(string text, Func<string, string, bool> test) => new((arguments, _) => arguments.At(0, "prefix") switch
    {
        TextValue part => BooleanValue.Of(test(text, part.Text)),
        ListValue parts => BooleanValue.Of(parts.Items.Any(part => part is TextValue one ? test(text, one.Text) : throw Fail.Evaluation("startswith and endswith take strings"))),
        _ => throw Fail.Evaluation("startswith and endswith take a string or a list of strings"),
    });
}

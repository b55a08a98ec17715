using System.Globalization;

namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>Numbers as texts and texts as numbers by ECMAScript's rules, which are the oracle's.</summary>
internal static class Numbers
{
    /// <summary>The shortest digits that read back as the same number, laid out as <c>Number::toString</c> does.</summary>
    public static string Format(double value)
    {
        if (double.IsNaN(value))
        {
            return "NaN";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "Infinity" : "-Infinity";
        }

        if (value == 0)
        {
            return "0";
        }

        var text = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var exponentAt = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = exponentAt < 0 ? 0 : int.Parse(text.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var parts = (exponentAt < 0 ? text : text[..exponentAt]).Split('.');
        var whole = parts[0].TrimStart('0');
        var fraction = parts.Length > 1 ? parts[1] : "";
        var digits = (whole + fraction).TrimStart('0');
        var point = exponent + (whole.Length > 0 ? whole.Length : digits.Length - fraction.Length);
        return (value < 0 ? "-" : "") + Layout(digits.TrimEnd('0'), point);
    }

    /// <summary>What a text is as a number where it is compared with one; not a number where it is none.</summary>
    public static double Parse(string text)
    {
        var trimmed = Texts.Trim(text);
        return trimmed.Length == 0 ? 0
            : trimmed is "Infinity" or "+Infinity" ? double.PositiveInfinity
            : trimmed == "-Infinity" ? double.NegativeInfinity
            : trimmed.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? Digits(trimmed, 16)
            : trimmed.StartsWith("0o", StringComparison.OrdinalIgnoreCase) ? Digits(trimmed, 8)
            : trimmed.StartsWith("0b", StringComparison.OrdinalIgnoreCase) ? Digits(trimmed, 2)
            : FloatLength(trimmed) == trimmed.Length ? double.Parse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture)
            : double.NaN;
    }

    /// <summary>The integer with which a text begins; not a number where it begins with none.</summary>
    public static double ParseInteger(string text)
    {
        var trimmed = Texts.TrimStart(text);
        var from = trimmed.Length > 0 && trimmed[0] is '+' or '-' ? 1 : 0;
        var to = from;
        while (to < trimmed.Length && char.IsAsciiDigit(trimmed[to]))
        {
            to++;
        }

        return to == from ? double.NaN : double.Parse(trimmed.AsSpan(0, to), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }

    /// <summary>The number with which a text begins; not a number where it begins with none.</summary>
    public static double ParseFloat(string text)
    {
        var trimmed = Texts.TrimStart(text);
        foreach (var (name, value) in ((string, double)[])[("Infinity", double.PositiveInfinity), ("+Infinity", double.PositiveInfinity), ("-Infinity", double.NegativeInfinity)])
        {
            if (trimmed.StartsWith(name, StringComparison.Ordinal))
            {
                return value;
            }
        }

        var length = FloatLength(trimmed);
        return length == 0 ? double.NaN : double.Parse(trimmed.AsSpan(0, length), NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private static string Layout(string digits, int point) =>
        point >= digits.Length && point <= 21 ? digits + new string('0', point - digits.Length)
        : point is > 0 and <= 21 ? $"{digits[..point]}.{digits[point..]}"
        : point is > -6 and <= 0 ? $"0.{new string('0', -point)}{digits}"
        : $"{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{(point > 0 ? "+" : "-")}{Math.Abs(point - 1)}";

    private static double Digits(string text, int radix)
    {
        double value = 0;
        foreach (var character in text.AsSpan(2))
        {
            var digit = char.IsAsciiHexDigit(character) ? Convert.ToInt32(character.ToString(), 16) : 16;
            if (digit >= radix)
            {
                return double.NaN;
            }

            value = value * radix + digit;
        }

        return text.Length == 2 ? double.NaN : value;
    }

    /// <summary>How much of a text's beginning is a decimal number.</summary>
    private static int FloatLength(string text)
    {
        var at = text.Length > 0 && text[0] is '+' or '-' ? 1 : 0;
        var whole = Run(text, at);
        var end = at + whole;
        if (end < text.Length && text[end] == '.')
        {
            var fraction = Run(text, end + 1);
            if (whole + fraction == 0)
            {
                return 0;
            }

            end += 1 + fraction;
        }
        else if (whole == 0)
        {
            return 0;
        }

        if (end < text.Length && text[end] is 'e' or 'E')
        {
            var sign = end + 1 < text.Length && text[end + 1] is '+' or '-' ? 1 : 0;
            var exponent = Run(text, end + 1 + sign);
            end += exponent > 0 ? 1 + sign + exponent : 0;
        }

        return end;
    }

    private static int Run(string text, int from)
    {
        var to = from;
        while (to < text.Length && char.IsAsciiDigit(text[to]))
        {
            to++;
        }

        return to - from;
    }
}

namespace HybridConversations.Inference.Grammar;

/// <summary>Bounds of a number; null for none. At most ±10^15, with at most 10 decimals.</summary>
internal readonly record struct NumberBounds(decimal? Min, bool MinExcluded, decimal? Max, bool MaxExcluded)
{
    public bool Any => Min is not null || Max is not null;

    /// <summary>The same for the numbers' absolute values, where all are negative or zero.</summary>
    public NumberBounds Mirror() => new(-Max, MaxExcluded, -Min, MinExcluded);
}

/// <summary>Writes the grammar of the decimal numbers between two bounds, digit by digit. No exponents.</summary>
internal static class NumberRange
{
    private const int MaxDigits = 16;

    /// <param name="bounds">At least one of them is given.</param>
    /// <param name="decimals">Digits behind the point at most; 0 for integers.</param>
    /// <returns>An expression, or null when there is no such number.</returns>
    public static string? Write(NumberBounds bounds, int decimals)
    {
        var alternatives = new List<string>();
        if (bounds.Min is null or < 0)
        {
            // Zero is written without a sign.
            var negative = bounds.Mirror();
            if (negative.Min is null or <= 0)
            {
                negative = negative with { Min = 0, MinExcluded = true };
            }

            alternatives.AddRange(NotNegative(negative, decimals).Select(p => $"\"-\" {p}"));
        }

        if (bounds.Max is null or >= 0)
        {
            alternatives.AddRange(NotNegative(bounds.Min is null or < 0 ? bounds with { Min = 0, MinExcluded = false } : bounds, decimals));
        }

        return alternatives.Count == 0 ? null : string.Join(" | ", alternatives);
    }

    private static IEnumerable<string> NotNegative(NumberBounds bounds, int decimals)
    {
        var (low, lowDigits) = Split(bounds.Min!.Value);
        var lowest = new FractionEdge(lowDigits, bounds.MinExcluded);
        if (bounds.Max is not { } max)
        {
            return Part(Integers(low, low), FractionRange.Write(lowest, null, decimals))
                .Concat(Part(Integers(low + 1, null), FractionRange.Write(default, null, decimals)));
        }

        var (high, highDigits) = Split(max);
        var highest = new FractionEdge(highDigits, bounds.MaxExcluded);
        if (low >= high)
        {
            return low > high ? [] : Part(Integers(low, low), FractionRange.Write(lowest, highest, decimals));
        }

        return Part(Integers(low, low), FractionRange.Write(lowest, null, decimals))
            .Concat(low + 1 < high ? Part(Integers(low + 1, high - 1), FractionRange.Write(default, null, decimals)) : [])
            .Concat(Part(Integers(high, high), FractionRange.Write(default, highest, decimals)));
    }

    private static IEnumerable<string> Part(string integers, FractionDigits fraction) => fraction switch
    {
        { MayEnd: true, Digits: { } digits } => [$"{integers} (\".\" {digits})?"],
        { MayEnd: true } => [integers],
        { Digits: { } digits } => [$"{integers} \".\" {digits}"],
        _ => [],
    };

    private static (long Integer, string Digits) Split(decimal value)
    {
        var text = value.ToString("0.############################", System.Globalization.CultureInfo.InvariantCulture).Split('.');
        return (long.Parse(text[0], System.Globalization.CultureInfo.InvariantCulture), text.Length > 1 ? text[1] : "");
    }

    // Integers without leading zeros from low to high.
    private static string Integers(long low, long? high)
    {
        var alternatives = new List<string>();
        for (var digits = low.ToString().Length; digits <= MaxDigits; digits++)
        {
            var least = digits == 1 ? 0 : Power(digits - 1);
            var most = Power(digits) - 1;
            if (high < least)
            {
                break;
            }

            if (low <= least && high is null && digits > 1)
            {
                alternatives.Add($"[1-9] [0-9]{{{digits - 1},{MaxDigits - 1}}}");
                break;
            }

            alternatives.Add(SameLength(Math.Max(low, least).ToString(), Math.Min(high ?? most, most).ToString()));
        }

        return GbnfText.Alternatives(alternatives);
    }

    private static string SameLength(string low, string high)
    {
        if (low == high)
        {
            return $"\"{low}\"";
        }

        if (low.Length == 1)
        {
            return $"[{low}-{high}]";
        }

        if (low[0] == high[0])
        {
            return $"\"{low[0]}\" {SameLength(low[1..], high[1..])}";
        }

        var tail = low.Length - 1;
        var alternatives = new List<string>();
        var (from, to) = (low[0], high[0]);
        if (low[1..].AsSpan().ContainsAnyExcept('0'))
        {
            alternatives.Add($"\"{from}\" {SameLength(low[1..], new string('9', tail))}");
            from++;
        }

        var last = high[1..].AsSpan().ContainsAnyExcept('9');
        if (last)
        {
            to--;
        }

        if (from <= to)
        {
            alternatives.Add($"{(from == to ? $"\"{from}\"" : $"[{from}-{to}]")} [0-9]{{{tail}}}");
        }

        if (last)
        {
            alternatives.Add($"\"{high[0]}\" {SameLength(new string('0', tail), high[1..])}");
        }

        return GbnfText.Alternatives(alternatives);
    }

    private static long Power(int exponent)
    {
        var power = 1L;
        for (var i = 0; i < exponent; i++)
        {
            power *= 10;
        }

        return power;
    }
}

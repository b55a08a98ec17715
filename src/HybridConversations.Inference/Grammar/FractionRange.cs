namespace HybridConversations.Inference.Grammar;

/// <summary>One bound of a fraction: its digits without zeros at the end (none for zero), and whether the bound itself is left out.</summary>
internal readonly record struct FractionEdge(string? DigitsOrNull, bool Excluded)
{
    public string Digits => DigitsOrNull ?? "";

    /// <summary>As a lower bound it excludes nothing.</summary>
    public bool IsZero => Digits.Length == 0 && !Excluded;

    public FractionEdge Tail => new(Digits.Length == 0 ? "" : Digits[1..], Excluded);
    public int Digit => Digits.Length == 0 ? 0 : Digits[0] - '0';
}

/// <summary>Digits that may follow in a fraction: whether it may end here, and the expression of one digit or more (null for none).</summary>
internal readonly record struct FractionDigits(bool MayEnd, string? Digits)
{
    /// <summary>Behind a digit: an expression that may be empty, or null when nothing is possible.</summary>
    public string? Behind(string digit) => (MayEnd, Digits) switch
    {
        (true, null) => digit,
        (true, _) => $"{digit} ({Digits})?",
        (false, null) => null,
        _ => $"{digit} {Digits}",
    };
}

/// <summary>Writes the digits of the fractions between two bounds.</summary>
internal static class FractionRange
{
    /// <param name="low">Lower bound; the default is zero, included.</param>
    /// <param name="high">Upper bound; null for none.</param>
    /// <param name="room">Digits at most.</param>
    public static FractionDigits Write(FractionEdge low, FractionEdge? high, int room)
    {
        var mayEnd = low.IsZero && (high is not { } h || h.Digits.Length > 0 || !h.Excluded);
        if (room == 0)
        {
            return new FractionDigits(mayEnd, null);
        }

        if (low.IsZero && high is null)
        {
            return new FractionDigits(true, room == 1 ? "[0-9]" : $"[0-9]{{1,{room}}}");
        }

        var from = low.IsZero ? -1 : low.Digit;
        var to = high?.Digit ?? 10;
        var alternatives = new List<string?>();
        if (from == to)
        {
            alternatives.Add(Write(low.Tail, high!.Value.Tail, room - 1).Behind(Digit(from)));
        }
        else if (from < to)
        {
            alternatives.Add(from < 0 ? null : Write(low.Tail, null, room - 1).Behind(Digit(from)));
            alternatives.Add(from + 1 > to - 1 ? null : Write(default, null, room - 1).Behind(from + 2 == to ? Digit(from + 1) : $"[{from + 1}-{to - 1}]"));
            alternatives.Add(to > 9 ? null : Write(default, high!.Value.Tail, room - 1).Behind(Digit(to)));
        }

        var possible = alternatives.OfType<string>().ToList();
        return new FractionDigits(mayEnd, possible.Count == 0 ? null : possible.Count == 1 ? $"({possible[0]})" : GbnfText.Alternatives(possible));
    }

    private static string Digit(int digit) => $"\"{digit}\"";
}

namespace HybridConversations.Inference.Grammar;

/// <summary>
/// A grammar as an automaton over bytes: points that match a byte, go on at two places, call a rule, or end one. Repetitions and groups are written out; only named rules
/// are calls. Immutable, shared by all generations that use it.
/// </summary>
internal sealed class GrammarProgram
{
    /// <summary>The point where the whole text has been read.</summary>
    public const int Accept = 0;

    /// <summary>All points; <see cref="Accept"/> is the first.</summary>
    public required GrammarPoint[] Points { get; init; }

    /// <summary>Byte ranges of the points that match, disjoint and sorted within a point.</summary>
    public required ByteRange[] Ranges { get; init; }

    /// <summary>Names of the rules; <c>root</c> is <see cref="Root"/>.</summary>
    public required string[] Rules { get; init; }

    /// <summary>Where each rule begins.</summary>
    public required int[] Starts { get; init; }
    public required int Root { get; init; }

    /// <summary>May a rule be the empty text?</summary>
    public required bool[] MayBeEmpty { get; init; }

    /// <summary>Place of each rule in an order in which a rule comes before every rule that it can begin with.</summary>
    public required int[] Place { get; init; }

    /// <summary>The rules in that order.</summary>
    public required int[] Order { get; init; }

    /// <summary>Class of each byte: bytes of one class are the same to every point.</summary>
    public required byte[] Classes { get; init; }

    /// <summary>A byte of each class.</summary>
    public required byte[] Representatives { get; init; }

    /// <summary>Where a point goes with a byte; −1 for nowhere.</summary>
    public int Next(in GrammarPoint point, byte value)
    {
        foreach (ref readonly var range in Ranges.AsSpan(point.A, point.B))
        {
            if (value <= range.To)
            {
                return value >= range.From ? range.Target : -1;
            }
        }

        return -1;
    }

    /// <summary>The rule that a point belongs to, by name.</summary>
    public string RuleOf(int point) => Rules[Points[point].Rule];
}

/// <param name="Kind">What it does.</param>
/// <param name="Rule">The rule that it was written for.</param>
/// <param name="A"><see cref="GrammarPointKind.Match"/>: first range; <see cref="GrammarPointKind.Split"/>: one way on; <see cref="GrammarPointKind.Call"/>: the rule.</param>
/// <param name="B">Match: number of ranges; Split: the other way; Call: where it goes on behind the rule.</param>
internal readonly record struct GrammarPoint(GrammarPointKind Kind, int Rule, int A, int B);

/// <summary>What a point of a program does.</summary>
internal enum GrammarPointKind : byte
{
    Accept,
    Match,
    Split,
    Call,
    End,
}

/// <summary>Bytes that lead to a point.</summary>
internal readonly record struct ByteRange(byte From, byte To, int Target);

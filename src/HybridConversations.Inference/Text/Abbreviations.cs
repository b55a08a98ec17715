using System.Collections.Frozen;

namespace HybridConversations.Inference.Text;

/// <summary>What a full stop behind a word may mean.</summary>
internal enum AbbreviationKind
{
    /// <summary>An ordinary word: the sentence ends.</summary>
    None,

    /// <summary>Stands before something: "Dr.", "e.g.".</summary>
    NeverLast,

    /// <summary>An abbreviation before a number, else a word: "No. 5".</summary>
    BeforeNumber,

    /// <summary>May end a sentence or not: "etc.", "U.S.", an initial.</summary>
    Either,

    /// <summary>A small letter on its own: "Solve for x."</summary>
    Variable,
}

/// <summary>Words that a full stop follows without ending the sentence, and words that show that one has begun (cf. Kiss and Strunk, 2006).</summary>
internal static class Abbreviations
{
    // Exact case: "ms" are milliseconds and "rep" is a word.
    private static readonly FrozenSet<string> Titles = Set("""
        Dr Mr Mrs Ms Mx Prof Rev Hon Gov Sen Rep Pres Gen Col Maj Capt Cmdr Lt Sgt Cpl Pvt Adm Msgr Fr Br Mme Mlle Sr Sra Srta Dra Dña Hr Sig Sig.ra Dott Ing Avv Exmo Sn dr mr mrs prof dott sig
        """);

    private static readonly FrozenSet<string> NeverLast = Set("e.g i.e eg cf viz vs v approx ca esp incl resp z.B d.h u.a bzw vgl ggf p.ex núm pág np tj tzn prof inż ul örn т.е т.к напр им ул");
    private static readonly FrozenSet<string> BeforeNumber = Set("no No nos Nos Nr nr fig Fig figs Figs vol Vol p pp sec Sec ch Ch art Art eq Eq");

    private static readonly FrozenSet<string> Either = Set("""
        etc ecc itd itp vb usw al Inc Ltd Co Corp Bros LLC Jr St Ave Blvd Rd Mt Ft Dept Univ Est est Assn min max hr hrs Ph.D Jan Feb Mar Apr Aug Sep Sept Oct Nov Dec
        """);

    // "am 3. Mai", "im 19. Jahrhundert", "od 5. do 7. maja": a number with a full stop is an ordinal.
    private static readonly FrozenSet<string> OrdinalBringers = Set("am Am vom Vom zum Zum im Im der Der dem den Den des bis Bis seit Seit ab Ab beim das Das die Die od Od dnia");

    private static readonly FrozenSet<string> Starters = Set("""
        The A An This That These Those There Here It It's Its I I'm I've I'll I'd He She We We're You You're They They're My Your His Her Our Their
        If When While Where What Why Who How Which In On At By For From With To As After Before Since Because Although However But And Or So Then Also
        Yes No Not Now Once Each Every Some Many Most Both All Let Let's Please Do Does Did Is Are Was Were Can Could Would Should Will Have Has Had
        Another First Second Third Finally Next Today Instead Meanwhile Unfortunately Overall
        """);

    public static AbbreviationKind Classify(ReadOnlySpan<char> word)
    {
        if (word.IsEmpty)
        {
            return AbbreviationKind.None;
        }

        if (Contains(Titles, word) || Contains(NeverLast, word) || (char.IsUpper(word[0]) && IsLowered(NeverLast, word)))
        {
            return AbbreviationKind.NeverLast;
        }

        if (Contains(BeforeNumber, word))
        {
            return AbbreviationKind.BeforeNumber;
        }

        if (word.Length == 1)
        {
            // "So do I." is common, an initial I is not.
            return char.IsLower(word[0]) ? AbbreviationKind.Variable : char.IsUpper(word[0]) && word[0] != 'I' ? AbbreviationKind.Either : AbbreviationKind.None;
        }

        return Contains(Either, word) || IsDottedLetters(word) ? AbbreviationKind.Either : AbbreviationKind.None;
    }

    /// <summary>Is a number behind this word an ordinal, and its full stop no end?</summary>
    public static bool BringsOrdinal(ReadOnlySpan<char> word) => Contains(OrdinalBringers, word);

    public static bool BeginsSentences(ReadOnlySpan<char> word) => Contains(Starters, word) || (word.Contains('’') && Contains(Starters, word.ToString().Replace('’', '\'')));

    // "U.S", "a.m", "J.R.R"
    private static bool IsDottedLetters(ReadOnlySpan<char> word)
    {
        for (var i = 0; i < word.Length; i++)
        {
            if (i % 2 == 0 ? !char.IsLetter(word[i]) : word[i] != '.')
            {
                return false;
            }
        }

        return word.Length % 2 == 1;
    }

    private static bool IsLowered(FrozenSet<string> set, ReadOnlySpan<char> word)
    {
        Span<char> lowered = stackalloc char[16];
        return word.Length is > 1 and <= 16 && Contains(set, lowered[..word.ToLowerInvariant(lowered)]);
    }

    private static bool Contains(FrozenSet<string> set, ReadOnlySpan<char> word) => set.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    private static FrozenSet<string> Set(string words) =>
        words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}

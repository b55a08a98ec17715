namespace HybridConversations.Routing;

/// <summary>The little English that tells a request from a question about it, by the words before.</summary>
internal static class Grammar
{
    private static readonly WordPattern Negation = new("dont|not|never|no|without|neednt|cant|wont|shouldnt|mustnt|doesnt|didnt|nothing|nobody|instead|rather|stop|avoid");
    private static readonly WordPattern Asking = new("how|why|when|what|where|whether|if|is|are|was|were|does|did|who|which");
    private static readonly WordPattern Subject = new("i|we|they|he|she|it|people|who|would|will|must|should|might|id|ill|me|him|her|us|them|does|did|do|if|when|makes|make|made|always|often|never|cant|having|is|the|a|really");
    private static readonly WordPattern Modal = new("can|could|would|will");
    private static readonly WordPattern Wanting = new("want|need|like|love|ask|asking|prefer|try|remember|sure|have");
    private static readonly WordPattern WantingYou = new("want|need|like|love|ask|asking|prefer|wish");

    /// <summary>How far back a negation reaches.</summary>
    private const int NegationReach = 4;

    /// <summary>Is what begins at <paramref name="start"/> asked of the assistant?</summary>
    public static bool IsRequest(scoped in WordList words, int start)
    {
        if (start == 0)
        {
            return true;
        }

        var before = words.Text(start - 1);
        if (before.SequenceEqual("you"))
        {
            return start >= 2 && Modal.Match(words, start - 2) >= 0 && (start == 2 || Asking.Match(words, start - 3) < 0);
        }

        if (before.SequenceEqual("to"))
        {
            return start >= 2 && (words.Text(start - 2).SequenceEqual("you")
                ? start >= 3 && WantingYou.Match(words, start - 3) >= 0
                : Wanting.Match(words, start - 2) >= 0 && !IsAboutMe(words, start - 2));
        }

        return Subject.Match(words, start - 1) < 0;
    }

    /// <summary>Is it forbidden or denied?</summary>
    public static bool IsNegated(scoped in WordList words, int start)
    {
        for (var i = Math.Max(0, start - NegationReach); i < start; i++)
        {
            if (Negation.Match(words, i) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Is it asked about rather than said?</summary>
    public static bool IsQuestion(scoped in WordList words, int start)
    {
        for (var i = Math.Max(0, start - 3); i < start; i++)
        {
            if (Asking.Match(words, i) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>"I want to think hard about it": the person thinks, nobody else is asked to.</summary>
    private static bool IsAboutMe(scoped in WordList words, int verb) =>
        verb >= 1 && (words.Text(verb - 1) is "i" or "we" or "they" or "you" or "id" or "people");
}

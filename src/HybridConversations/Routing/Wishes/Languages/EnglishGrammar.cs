namespace HybridConversations.Routing;

/// <summary>The little English that tells a wish from a question about it and from its opposite, by the words before.</summary>
internal sealed class EnglishGrammar : IWishGrammar
{
    private static readonly WordPattern Negation = new(
        "dont|not|never|no|without|neednt|cant|cannot|wont|shouldnt|mustnt|doesnt|didnt|isnt|arent|nothing|nobody|instead|rather|stop|avoid");

    // What denies a statement or a command: "no, this is private" and "stop, keep this private" do not.
    private static readonly WordPattern Denial = new("dont|not|never|without|neednt|cant|cannot|wont|shouldnt|mustnt|doesnt|didnt|isnt|arent");

    private static readonly WordPattern Ended = new("it");

    private static readonly WordPattern Reporting = new("said|says|say|saying|told|tells|wrote|writes|writing|translate|translation|spell|phrase|sentence|words|means|meaning");

    // "Never mind", "don't forget to": nothing is denied.
    private static readonly WordPattern Undone = new("mind|worry|forget|hesitate");

    // What may stand between a negation and the wish that it denies: "I don't want you to keep this private".
    private static readonly WordPattern Link = new(
        "want|need|needed|have|like|you|me|us|we|i|to|please|ever|really|just|even|going|think|believe|that|it|should|can|could|would|will|let|dare|try|anyone|anybody|anything|do|by");

    private static readonly WordPattern Asking = new("how|why|when|what|where|whether|if|is|are|was|were|does|did|who|which");
    private static readonly WordPattern AskingToDo = new("how|why|when|what|where|whether|if|do|does|did|should|shall|can|could|who|which");
    private static readonly WordPattern AskingIf = new("are|is|do|does|did|was|were|not|dont|how|would");
    private static readonly WordPattern Condition = new("if|whether|why|when|how|unless|until");
    private static readonly WordPattern Opinion = new("sure|think|know|say|said|believe|true|mean|certain");
    private static readonly WordPattern Doer = new("i|we|you|they|he|she|people|one|to|it");
    private static readonly WordPattern Subject = new("i|we|they|he|she|it|people|who|would|will|must|should|might|id|ill|me|him|her|us|them|does|did|do|if|when|makes|make|made|always|often|never|cant|having|is|the|a|really");
    private static readonly WordPattern Modal = new("can|could|would|will");
    private static readonly WordPattern Wanting = new("want|need|like|love|ask|asking|prefer|try|remember|sure|have");
    private static readonly WordPattern WantingYou = new("want|need|like|love|ask|asking|prefer|wish");

    /// <summary>How far back a negation, or a question, reaches.</summary>
    private const int Reach = 4;

    public bool IsMeant(WishMood mood, scoped in WordList words, int start, int end) => mood switch
    {
        WishMood.Request => IsRequest(words, start) && !HasBefore(Negation, words, start, Reach),
        WishMood.Command => !IsDenied(Denial, words, start) && !IsAskedHow(words, start),
        WishMood.Statement => !IsDenied(Denial, words, start) && !IsAsked(words, start),
        _ => IsDenied(Negation, words, start),
    };

    public bool IsReported(scoped in WordList words, int start) => HasBefore(Reporting, words, start, Reach + 1);

    /// <summary>Is what begins at <paramref name="start"/> asked of the assistant?</summary>
    private static bool IsRequest(scoped in WordList words, int start)
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

    /// <summary>Does a negation stand before it, or only words in between that carry it on?</summary>
    private static bool IsDenied(WordPattern negation, scoped in WordList words, int start)
    {
        // "I can't believe it, this is private": what was denied ended with the word before.
        if (HasAt(Ended, words, start - 1))
        {
            return false;
        }

        for (var at = start - 1; at >= Math.Max(0, start - Reach - 1); at--)
        {
            if (HasAt(negation, words, at))
            {
                return !HasAt(Undone, words, at + 1) && !IsSuggestion(words, at);
            }

            if (!HasAt(Link, words, at))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>"Why don't you send it to the cloud" asks for it.</summary>
    private static bool IsSuggestion(scoped in WordList words, int negation) =>
        negation > 0 && words.Text(negation - 1) is "why" && negation + 1 < words.Count && words.Text(negation + 1) is "you" or "we";

    /// <summary>"How do I keep this private", but not "can you keep this private".</summary>
    private static bool IsAskedHow(scoped in WordList words, int start) => HasAt(Doer, words, start - 1)
        && HasBefore(AskingToDo, words, start - 1, Reach)
        && !(words.Text(start - 1) is "you" or "we" && HasAt(Modal, words, start - 2) && !HasAt(Asking, words, start - 3));

    /// <summary>Is it asked about rather than said: "if this is private", "are you sure this is private"?</summary>
    private static bool IsAsked(scoped in WordList words, int start) =>
        HasAt(Condition, words, start - 1) || (HasAt(Opinion, words, start - 1) && HasBefore(AskingIf, words, start - 1, Reach));

    /// <summary>"I want to think hard about it": the person thinks, nobody else is asked to.</summary>
    private static bool IsAboutMe(scoped in WordList words, int verb) =>
        verb >= 1 && (words.Text(verb - 1) is "i" or "we" or "they" or "you" or "id" or "people");

    private static bool HasAt(WordPattern pattern, scoped in WordList words, int at) => at >= 0 && at < words.Count && pattern.Match(words, at) >= 0;

    private static bool HasBefore(WordPattern pattern, scoped in WordList words, int start, int reach)
    {
        for (var at = Math.Max(0, start - reach); at < start; at++)
        {
            if (HasAt(pattern, words, at))
            {
                return true;
            }
        }

        return false;
    }
}

namespace HybridConversations.Routing;

/// <summary>
/// What the person asks for in words: "think hard", "ask the cloud", "stay local", "keep this private". A wish for privacy outweighs everything but a
/// private turn, and holds for the turns after it too, because a later call to the cloud would send the earlier words along.
/// </summary>
internal sealed class ExplicitWordsPolicy : IRoutingPolicy
{
    /// <summary>How many turns a wish for privacy holds, at most.</summary>
    private const int EarlierTurns = 8;

    public string Name => "explicit-words";

    public Verdict Decide(scoped ref RoutingContext context, Verdict standing)
    {
        if (standing.Firmness == Firmness.Private)
        {
            return standing;
        }

        if (SpokenWishes.Privacy.Find(context.Words) is { } secret)
        {
            return new Verdict(RouteTarget.Local, 0, Firmness.Private, this, secret);
        }

        if (!standing.IsOpen)
        {
            return standing;
        }

        if (context.Options.HeedWords)
        {
            if (SpokenWishes.Local.Find(context.Words) is { } local)
            {
                return new Verdict(RouteTarget.Local, 0, Firmness.Asked, this, local);
            }

            if (SpokenWishes.Cloud.Find(context.Words) is { } cloud)
            {
                return new Verdict(RouteTarget.Cloud, 1, Firmness.Asked, this, cloud);
            }
        }

        return EarlierSecret(context.Request.Recent) is { } earlier
            ? new Verdict(RouteTarget.Local, 0, Firmness.Demanded, this, earlier)
            : standing;
    }

    public string Explain(scoped ref RoutingContext context, Verdict verdict) => verdict switch
    {
        { Firmness: Firmness.Private } => $"\"{verdict.Detail}\" asks to keep the turn on the device.",
        { Firmness: Firmness.Demanded } => $"\"{verdict.Detail}\", said a moment ago, keeps the conversation on the device.",
        { Target: RouteTarget.Cloud } => $"\"{verdict.Detail}\" asks for the cloud model.",
        _ => $"\"{verdict.Detail}\" asks for the device's own model.",
    };

    private static string? EarlierSecret(IReadOnlyList<RoutedTurn>? recent)
    {
        if (recent is null)
        {
            return null;
        }

        var words = new WordList(stackalloc char[WordList.MaxLetters], stackalloc Word[WordList.MaxWords]);
        for (var i = recent.Count - 1; i >= Math.Max(0, recent.Count - EarlierTurns); i--)
        {
            words.Clear();
            WordReader.Read(recent[i].Text, ref words);
            if (SpokenWishes.Privacy.Find(words) is { } secret)
            {
                return secret;
            }
        }

        return null;
    }
}

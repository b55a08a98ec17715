namespace HybridConversations.Routing;

/// <summary>
/// Hysteresis: a follow-up ("now make it shorter", "and in French?", "why?") stays where the answer that it is about came from; a new subject is judged
/// anew. A follow-up to a local answer that is a hard request by itself ("now write me a script that does that") is judged anew too.
/// </summary>
internal sealed class FollowUpPolicy : IRoutingPolicy
{
    /// <summary>Log-odds that each word in common with the turn before adds: "can the script also skip hidden files".</summary>
    private const double SharedWord = 1;

    private const int SharedWordsThatCount = 3;

    /// <summary>Letters by which forms of a word are known as the same one (rename, renames, renaming).</summary>
    private const int StemLength = 5;

    public string Name => "follow-up";

    public Verdict Decide(scoped ref RoutingContext context, Verdict standing)
    {
        if (!standing.IsOpen || context.Words.Count == 0 || context.Options.FollowUpThreshold >= 1 || Subject(context.Request.Recent) is not { } before)
        {
            return standing;
        }

        var shared = Math.Min(SharedWordsThatCount, SharedContentWords(context.Words, before.Text));
        if (context.Models.FollowUp.Judge(context.Words, SharedWord * shared).Probability < context.Options.FollowUpThreshold)
        {
            return standing;
        }

        return before.Target == RouteTarget.Local && context.Score >= context.Options.Threshold
            ? standing
            : new Verdict(before.Target, before.Score, Firmness.Judged, this);
    }

    public string Explain(scoped ref RoutingContext context, Verdict verdict) => verdict.Target == RouteTarget.Cloud
        ? "A follow-up to an answer that came from the cloud stays there."
        : "A follow-up to an answer that came from the device stays there.";

    /// <summary>The last turn that was about something: "thanks" and "okay" in between change no subject.</summary>
    private static RoutedTurn? Subject(IReadOnlyList<RoutedTurn>? recent)
    {
        if (recent is not { Count: > 0 })
        {
            return null;
        }

        var words = new WordList(stackalloc char[WordList.MaxLetters], stackalloc Word[WordList.MaxWords]);
        for (var i = recent.Count - 1; i > 0; i--)
        {
            words.Clear();
            WordReader.Read(recent[i].Text, ref words);
            if (!IsAcknowledgement(words))
            {
                return recent[i];
            }
        }

        return recent[0];
    }

    private static bool IsAcknowledgement(scoped in WordList words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (!WordVocabulary.IsAcknowledgement(words.Text(i)))
            {
                return false;
            }
        }

        return true;
    }

    private static int SharedContentWords(scoped in WordList now, string earlier)
    {
        var before = new WordList(stackalloc char[WordList.MaxLetters], stackalloc Word[WordList.MaxWords]);
        WordReader.Read(earlier, ref before);
        var shared = 0;
        for (var i = 0; i < now.Count; i++)
        {
            if (now[i].Kind == WordKind.Content && now[i].Length > 3 && ContainsFormOf(before, now, i))
            {
                shared++;
            }
        }

        return shared;
    }

    private static bool ContainsFormOf(scoped in WordList before, scoped in WordList now, int index)
    {
        var word = now.Text(index);
        for (var i = 0; i < before.Count; i++)
        {
            var other = before.Text(i);
            if (word.Length >= StemLength && other.Length >= StemLength ? word[..StemLength].SequenceEqual(other[..StemLength]) : word.SequenceEqual(other))
            {
                return true;
            }
        }

        return false;
    }
}

using System.Globalization;

namespace HybridConversations.Bench;

/// <summary>How large the workload of every scenario is. Immutable.</summary>
public sealed class BenchSizes
{
    private readonly IReadOnlyDictionary<string, int> _set;

    private BenchSizes(IReadOnlyDictionary<string, int> set) => _set = set;

    /// <summary>Everything as the project's own results are measured.</summary>
    public static BenchSizes Default { get; } = new(new Dictionary<string, int>());

    /// <summary>Every size there is.</summary>
    public static IReadOnlyList<BenchSize> All { get; } =
    [
        new("short-prompt", 32, 1, 100_000, "tokens of a prompt in decode-N and churn, and of a voice in mixed"),
        new("decode-tokens", 128, 2, 100_000, "tokens of a reply in decode-N and churn"),
        new("decode-replies", 8, 1, 10_000, "replies at least in a run of decode-N, so that one stream alone gives enough gaps"),
        new("voices", 4, 1, 256, "voices of mixed"),
        new("voice-tokens", 50, 1, 100_000, "tokens of a voice's reply in mixed"),
        new("long-prompt", 2000, 1, 1_000_000, "tokens of the prompts that keep arriving in mixed"),
        new("long-tokens", 16, 1, 100_000, "tokens of their replies"),
        new("background", 1, 0, 256, "long prompts in flight at a time in mixed"),
        new("background-pause-ms", 0, 0, 3_600_000, "from the end of a long prompt's reply to the next"),
        new("mixed-seconds", 60, 1, 3600, "length of a run of mixed; replies under way at its end are waited for"),
        new("history", 1000, 1, 1_000_000, "tokens of a conversation's first turn in resume and restart"),
        new("turn", 16, 1, 100_000, "tokens of a later turn in resume and restart"),
        new("turn-tokens", 16, 1, 100_000, "tokens of a reply in resume, restart and shared-prefix"),
        new("conversations", 40, 1, 10_000, "conversations of resume"),
        new("rounds", 3, 1, 1000, "later turns of each conversation in resume"),
        new("restart-conversations", 4, 1, 1000, "conversations of restart"),
        new("settle-ms", 1000, 0, 600_000, "idle time before restart kills the server, in which it may save what it likes"),
        new("shared-conversations", 32, 2, 10_000, "conversations of shared-prefix"),
        new("shared-prompt", 600, 1, 1_000_000, "tokens of their system prompt"),
        new("bursts", 5, 1, 1000, "pairs of bursts of churn"),
        new("burst-requests", 16, 1, 256, "requests of a burst"),
        new("burst-ms", 1000, 1, 600_000, "within which a burst's requests are cancelled"),
        new("utterances", 4, 1, 1000, "utterances of each length in spoken, with listen and as many without"),
        new("utterance-min", 20, 1, 100_000, "tokens of the shortest utterance"),
        new("utterance-max", 100, 1, 100_000, "tokens of the longest"),
        new("word-ms", 100, 0, 60_000, "between two words that are spoken"),
        new("barge-ins", 1000, 0, 1_000_000, "barge-ins of spoken, over all runs together"),
        new("barge-in-talkers", 4, 1, 256, "conversations that are barged into at a time"),
    ];

    public int ShortPrompt => this["short-prompt"];

    public int DecodeTokens => this["decode-tokens"];

    public int DecodeReplies => this["decode-replies"];

    public int Voices => this["voices"];

    public int VoiceTokens => this["voice-tokens"];

    public int LongPrompt => this["long-prompt"];

    public int LongTokens => this["long-tokens"];

    public int Background => this["background"];

    public TimeSpan BackgroundPause => TimeSpan.FromMilliseconds(this["background-pause-ms"]);

    public TimeSpan MixedTime => TimeSpan.FromSeconds(this["mixed-seconds"]);

    public int History => this["history"];

    public int Turn => this["turn"];

    public int TurnTokens => this["turn-tokens"];

    public int Conversations => this["conversations"];

    public int Rounds => this["rounds"];

    public int RestartConversations => this["restart-conversations"];

    public TimeSpan Settle => TimeSpan.FromMilliseconds(this["settle-ms"]);

    public int SharedConversations => this["shared-conversations"];

    public int SharedPrompt => this["shared-prompt"];

    public int Bursts => this["bursts"];

    public int BurstRequests => this["burst-requests"];

    public TimeSpan BurstTime => TimeSpan.FromMilliseconds(this["burst-ms"]);

    public int Utterances => this["utterances"];

    public int UtteranceMin => this["utterance-min"];

    public int UtteranceMax => this["utterance-max"];

    public TimeSpan WordTime => TimeSpan.FromMilliseconds(this["word-ms"]);

    public int BargeIns => this["barge-ins"];

    public int BargeInTalkers => this["barge-in-talkers"];

    /// <summary>The value of a size by its name.</summary>
    public int this[string name] => _set.TryGetValue(name, out var value) ? value : All.First(size => size.Name == name).Default;

    /// <summary>Reads <c>NAME=N</c> pairs; several may stand in one text, with commas between. What is wrong with them is added to <paramref name="errors"/>.</summary>
    public static BenchSizes Parse(IEnumerable<string> pairs, ICollection<string> errors)
    {
        var set = new Dictionary<string, int>();
        foreach (var pair in pairs.SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            var at = pair.IndexOf('=');
            var name = at < 0 ? pair : pair[..at];
            if (All.FirstOrDefault(size => size.Name == name) is not { } known)
            {
                errors.Add($"--size {pair}: there is no size '{name}'; the sizes are {string.Join(", ", All.Select(size => size.Name))}.");
            }
            else if (at < 0 || !int.TryParse(pair.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                || value < known.Min || value > known.Max)
            {
                errors.Add($"--size {pair}: write {name}=N with a whole number from {known.Min} to {known.Max} ({known.Meaning}).");
            }
            else
            {
                set[name] = value;
            }
        }

        var sizes = new BenchSizes(set);
        if (sizes.UtteranceMin > sizes.UtteranceMax)
        {
            errors.Add($"--size utterance-min={sizes.UtteranceMin} is more than utterance-max={sizes.UtteranceMax}.");
        }

        return sizes;
    }
}

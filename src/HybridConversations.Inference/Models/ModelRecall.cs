using System.Globalization;

namespace HybridConversations.Inference.Models;

/// <summary>How a model remembers what came before, as its file tells, and what conversations can do with it therefore.</summary>
/// <param name="HasRunningState">Some of its layers keep a state that each token changes (recurrent and hybrid models).</param>
/// <param name="SlidingWindow">Tokens that some of its layers look back at most; 0 where all look at everything.</param>
public sealed record ModelRecall(bool HasRunningState, int SlidingWindow)
{
    private static readonly string[] StateKeys = ["ssm.", "shortconv.", "wkv."];

    /// <summary>What a file says.</summary>
    public static ModelRecall Of(GgufFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var hasState = file.Metadata.Keys.Any(key => StateKeys.Any(name => key.StartsWith($"{file.Architecture}.{name}", StringComparison.Ordinal)));
        return new ModelRecall(hasState, Math.Max(0, file.Number("attention.sliding_window") ?? 0));
    }

    /// <summary>What such a model cannot do, in a sentence; null where it can do everything.</summary>
    public string? Limits => this switch
    {
        { HasRunningState: true } => "It remembers by a running state: a conversation goes back, is shared and comes back from memory or disk only where a checkpoint was taken "
            + "(at the system prompt's end, at each prompt's and each turn's), tokens are not guessed ahead, and a dropped middle is read again.",
        { SlidingWindow: > 0 } => string.Create(CultureInfo.InvariantCulture,
            $"Some layers look back {SlidingWindow:#,0} tokens only. Their keys and values are kept all the same, so that conversations can go back and be shared: they take as much memory as without a window."),
        _ => null,
    };
}

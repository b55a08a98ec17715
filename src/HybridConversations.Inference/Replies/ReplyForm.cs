using HybridConversations.Inference.Templates;

namespace HybridConversations.Inference.Replies;

/// <summary>How a model's replies are to be read: what encloses a thought, what begins a call, what is no text at all.</summary>
/// <param name="ThoughtOpen">Begins a thought.</param>
/// <param name="ThoughtClose">Ends it.</param>
/// <param name="Thinks">Does the model think, as far as its template shows?</param>
/// <param name="Calls">How it calls.</param>
/// <param name="Noise">Marks that are part of neither.</param>
/// <param name="IsHarmony">Channels with headers, as gpt-oss writes them.</param>
public sealed record ReplyForm(string ThoughtOpen, string ThoughtClose, bool Thinks, CallForm Calls, IReadOnlyList<string> Noise, bool IsHarmony)
{
    private static readonly string[] HarmonyMarks = ["<|channel|>", "<|message|>", "<|start|>", "<|end|>", "<|constrain|>", "<|call|>"];

    /// <summary>Texts that must reach the reader although they are control tokens of the model.</summary>
    public IEnumerable<string> Marks => IsHarmony ? HarmonyMarks
        : [ThoughtOpen, ThoughtClose, Calls.Open, Calls.BeforeName, Calls.AfterName, Calls.Close, .. Noise];

    /// <summary>What a thought stands between.</summary>
    public (string Open, string Close) Thought => IsHarmony ? ("<|channel|>analysis<|message|>", "<|end|>") : (ThoughtOpen, ThoughtClose);

    /// <summary>Ends a thought, and begins the answer.</summary>
    public string Closing => IsHarmony ? "<|end|><|start|>assistant<|channel|>final<|message|>" : $"\n{ThoughtClose}\n\n";

    /// <summary>The form that a template shows.</summary>
    public static ReplyForm Of(ChatTemplate template)
    {
        ArgumentNullException.ThrowIfNull(template);
        var source = template.Source;
        var calls = CallForm.Of(source);
        if (Has("<|START_THINKING|>"))
        {
            return new ReplyForm("<|START_THINKING|>", "<|END_THINKING|>", true, calls, ["<|START_RESPONSE|>", "<|END_RESPONSE|>"], false);
        }

        string[] noise = calls.Open.Contains('｜', StringComparison.Ordinal) ? ["<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>"] : [];
        return Has("<|channel|>") ? new ReplyForm("", "", true, calls, [], IsHarmony: true)
            : Has("[THINK]") ? new ReplyForm("[THINK]", "[/THINK]", true, calls, noise, false)
            : new ReplyForm("<think>", "</think>", Has("<think>") || Has("</think>") || Has("/think"), calls, noise, false);

        bool Has(string part) => source.Contains(part, StringComparison.Ordinal);
    }
}

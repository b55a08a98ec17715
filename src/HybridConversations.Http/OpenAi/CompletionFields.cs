using HybridConversations.Http.Requests;

namespace HybridConversations.Http.OpenAi;

/// <summary>Every field of <c>POST /v1/completions</c>, and what becomes of it.</summary>
internal static class CompletionFields
{
    public static FieldTable Table { get; } = new(
        "POST /v1/completions",
        [
            new(FieldUse.Supported, "a text, or several, read as they are: no template writes around them; control tokens count as such", "prompt"),
            new(FieldUse.Supported, "the answer begins with the prompt; not with `logprobs`", "echo"),
            new(FieldUse.Supported, "0 to 20 alternatives, in the form of text completions", "logprobs"),
            .. OpenAiFields.Sampling,
            .. OpenAiFields.NotHere,
            new(FieldUse.Refused, "filling in the middle is not done here", "suffix"),
            new(FieldUse.Refused, "text completions call nothing: send messages to /v1/chat/completions", "messages", "tools", "tool_choice") { Neutral = ["\"none\"", "\"auto\""] },
        ]);
}

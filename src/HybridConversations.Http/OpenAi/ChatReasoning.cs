using System.Text.Json;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.OpenAi;

/// <summary>Reads how much a model should think: <c>reasoning_effort</c>, and what local servers take beside it.</summary>
internal static class ChatReasoning
{
    private const int MaxVariables = 16_384;

    public static ReasoningOptions Read(JsonMembers members)
    {
        var effort = members.Text("reasoning_effort", 1, 16);
        effort = effort == "xhigh" ? "high" : effort;
        if (effort is not null && !ReasoningOptions.Efforts.Contains(effort))
        {
            members.Wrong("reasoning_effort", $"'{effort}' is none of {string.Join(", ", ReasoningOptions.Efforts)}.");
        }

        return new ReasoningOptions
        {
            Effort = effort,
            Enabled = members.Flag("enable_thinking"),
            BudgetTokens = members.Whole("thinking_budget", 0, Limits.MaxThoughtTokens),
        };
    }

    /// <summary>Variables for the model's template (<c>chat_template_kwargs</c>), as JSON text.</summary>
    public static string? ReadVariables(JsonMembers members)
    {
        if (members.Any("chat_template_kwargs") is not { } variables)
        {
            return null;
        }

        var text = variables.GetRawText();
        if (variables.ValueKind == JsonValueKind.Object && text.Length <= MaxVariables)
        {
            return text;
        }

        members.Wrong("chat_template_kwargs", $"must be an object of at most {MaxVariables} characters.");
        return null;
    }
}

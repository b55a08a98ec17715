namespace HybridConversations.Inference.Replies;

/// <summary>
/// How a family of models writes a call. A call stands behind an opening mark: <see cref="Lead"/>, <see cref="BeforeName"/>, the function's name, <see cref="AfterName"/>, its arguments as a
/// JSON object, <see cref="AfterArguments"/>; then another one behind <see cref="Between"/>, or <see cref="Close"/>.
/// </summary>
public sealed record CallForm
{
    /// <summary>JSON within a tag: Hermes, Qwen, Granite 4, SmolLM3, and every model whose template knows nothing of calls.</summary>
    public static readonly CallForm Tagged = new()
    {
        Open = "<tool_call>",
        Lead = "\n",
        BeforeName = "{\"name\": \"",
        AfterName = "\", \"arguments\": ",
        AfterArguments = "}",
        Close = "\n</tool_call>",
    };

    private static readonly CallForm MistralList = Tagged with { Open = "[TOOL_CALLS]", Lead = " [", Between = ", ", Close = "]" };
    private static readonly CallForm MistralNamed = new() { Open = "[TOOL_CALLS]", AfterName = "[ARGS]" };
    private static readonly CallForm Granite = Tagged with { Open = "<|tool_call|>", Lead = "[", Between = ", ", Close = "]" };
    private static readonly CallForm Llama = Tagged with { Open = "<|python_tag|>", BeginsBare = true, Lead = "", AfterName = "\", \"parameters\": ", Close = "" };

    private static readonly CallForm CommandR = new()
    {
        Open = "Action:",
        Lead = "\n```json\n[\n",
        BeforeName = "    {\n        \"tool_name\": \"",
        AfterName = "\",\n        \"parameters\": ",
        AfterArguments = "\n    }",
        Between = ",\n",
        Close = "\n]```",
    };

    private static readonly CallForm CommandR7 = new()
    {
        Open = "<|START_ACTION|>",
        Lead = "[\n    ",
        BeforeName = "{\"tool_call_id\": \"0\", \"tool_name\": \"",
        AfterName = "\", \"parameters\": ",
        AfterArguments = "}",
        Between = ",\n    ",
        Close = "\n]<|END_ACTION|>",
    };

    private static readonly CallForm DeepSeek = new() { Open = "<｜tool▁call▁begin｜>", AfterName = "<｜tool▁sep｜>", Close = "<｜tool▁call▁end｜>" };

    private static readonly CallForm DeepSeekFenced = DeepSeek with
    {
        BeforeName = "function<｜tool▁sep｜>",
        AfterName = "\n```json\n",
        Close = "\n```<｜tool▁call▁end｜>",
    };

    /// <summary>The mark behind which a call begins.</summary>
    public required string Open { get; init; }

    /// <summary>A reply that begins as a call does is one, without the mark.</summary>
    public bool BeginsBare { get; init; }

    /// <summary>What stands before the first call.</summary>
    public string Lead { get; init; } = "";

    /// <summary>Between the opening marker and the name.</summary>
    public string BeforeName { get; init; } = "";

    /// <summary>Between the name and the arguments.</summary>
    public required string AfterName { get; init; }

    /// <summary>Between the arguments and the end of the call.</summary>
    public string AfterArguments { get; init; } = "";

    /// <summary>Between two calls behind one mark; null where every call has its own.</summary>
    public string? Between { get; init; }

    /// <summary>The closing marker.</summary>
    public string Close { get; init; } = "";

    /// <summary>Is the whole call one JSON object, with its name and arguments as members?</summary>
    public bool IsObject => BeforeName.Contains('{', StringComparison.Ordinal);

    /// <summary>The form that a template shows.</summary>
    public static CallForm Of(string template)
    {
        return template switch
        {
            _ when Has("[TOOL_CALLS]") => Has("[ARGS]") ? MistralNamed : MistralList,
            _ when Has("<|START_ACTION|>") => CommandR7,
            _ when Has("<｜tool▁sep｜>") => Has("```json") ? DeepSeekFenced : DeepSeek,
            _ when Has("<|tool_call|>") => Granite,
            _ when Has("tool_name") && Has("Action:") => CommandR,
            _ when Has("<|python_tag|>") || (Has("\"parameters\": ") && Has("ipython")) => Llama,
            _ => Tagged,
        };

        bool Has(string part) => template.Contains(part, StringComparison.Ordinal);
    }
}

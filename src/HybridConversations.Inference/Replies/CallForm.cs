using System.Text.Json.Nodes;
using HybridConversations.Inference.Grammar;

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

    // A text of one line or several between tags; the schema says which parameters are texts.
    private static readonly CallForm QwenCoder = new()
    {
        Open = "<tool_call>",
        Lead = "\n",
        BeforeName = "<function=",
        AfterName = ">\n",
        Parameters = new ParameterMarks("<parameter=", ">\n", "\n</parameter>\n"),
        AfterArguments = "</function>",
        Close = "\n</tool_call>",
    };

    private static readonly CallForm Glm = new()
    {
        Open = "<tool_call>",
        AfterName = "\n",
        Parameters = new ParameterMarks("<arg_key>", "</arg_key>\n<arg_value>", "</arg_value>\n"),
        Close = "</tool_call>",
    };

    private static readonly CallForm Gemma = new()
    {
        Open = "<|tool_call>",
        BeforeName = "call:",
        AfterName = "{",
        Quote = "<|\"|>",
        AfterArguments = "}",
        Close = "<tool_call|>",
    };

    private static readonly CallForm Llama4 = Llama with { Open = "<|python_start|>" };

    private static readonly CallForm Harmony = new()
    {
        Open = "<|channel|>commentary to=functions.",
        OtherOpens = ["<|start|>assistant to=functions."],
        AfterName = " <|constrain|>json<|message|>",
        OtherAfterNames = ["<|channel|>commentary <|constrain|>json<|message|>", "<|channel|>commentary json<|message|>", " json<|message|>", "<|message|>"],
    };

    /// <summary>The mark behind which a call begins.</summary>
    public required string Open { get; init; }

    /// <summary>Other marks behind which one begins as well.</summary>
    public IReadOnlyList<string> OtherOpens { get; init; } = [];

    /// <summary>What may stand between the name and the arguments as well.</summary>
    public IReadOnlyList<string> OtherAfterNames { get; init; } = [];

    /// <summary>What each parameter stands between; null where the arguments are one text.</summary>
    public ParameterMarks? Parameters { get; init; }

    /// <summary>What texts stand between in arguments that are no JSON but a notation like it; null for JSON.</summary>
    public string? Quote { get; init; }

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

    /// <summary>The grammar of arguments holds the end of the call too: only that tells whether another parameter comes.</summary>
    public bool IsEndInArguments => Parameters is not null || Quote is not null;

    /// <summary>Texts of the form that may be control tokens of a model.</summary>
    public IEnumerable<string> Marks =>
        [Open, .. OtherOpens, BeforeName, AfterName, .. OtherAfterNames, Close, Quote ?? "", .. Parameters is { } marks ? (string[])[marks.Before, marks.NameEnd, marks.ValueBegin, marks.ValueEnd] : []];

    /// <summary>The grammar of a function's arguments, and of the end of the call where <see cref="IsEndInArguments"/>.</summary>
    /// <param name="schema">The JSON schema of an object; null for any arguments.</param>
    /// <exception cref="ProblemException">The schema cannot be enforced.</exception>
    public string GrammarOf(string? schema) =>
        Parameters is { } marks ? ParameterGrammar.Of(schema, marks, AfterArguments + Close)
        : Quote is not null ? NotationGrammar.Of(schema, Quote, AfterArguments + Close)
        : schema is null ? JsonSchemaGrammar.AnyObject : JsonSchemaGrammar.FromSchema(schema);

    /// <summary>Is a parameter a text by its schema, written as it is where each stands on its own?</summary>
    public static bool IsText(JsonNode? schema) => CallArguments.IsText(schema);

    /// <summary>Reads a call of this form.</summary>
    /// <param name="index">Counts the calls of a reply.</param>
    /// <param name="isText">Is this function's parameter a text?</param>
    internal ICallReader Reader(int index, Func<string, string, bool> isText) =>
        Parameters is not null ? new ParameterCallReader(this, index, isText) : Quote is not null ? new NotedCallReader(this, index) : new CallReader(this, index);

    /// <summary>The form that a template shows.</summary>
    public static CallForm Of(string template)
    {
        return template switch
        {
            _ when Has("<|channel|>") => Harmony,
            _ when Has("<arg_key>") => Glm,
            _ when Has("<function=") && Has("<parameter=") => QwenCoder,
            _ when Has("<|tool_call>") && Has("call:") => Gemma,
            _ when Has("<|python_start|>") => Llama4,
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

using HybridConversations.Inference.Templates.Fitting;
using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates;

/// <summary>
/// How a model wants its conversations written: its own Jinja template, or ChatML where it has none that works. What a template cannot write (a system message, tools,
/// two messages of a person in a row) is found out once, by trying, and written in a way that it can. Thread-safe.
/// </summary>
public sealed class ChatTemplate
{
    /// <summary>The form of most open models, for a model without a template.</summary>
    public static readonly ChatTemplate ChatMl = new(null, "", "");

    private const string ChatMlSource =
        """{%- for message in messages -%}{{ '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' }}{%- endfor -%}{%- if add_generation_prompt -%}{{ '<|im_start|>assistant\n' }}{%- endif -%}""";

    private readonly JinjaTemplate _template;
    private readonly string _end;

    /// <param name="source">The model's template; null when its file holds none.</param>
    /// <param name="begin">Text of the token with which the model's prompts begin; empty for none.</param>
    /// <param name="end">Text of the token that ends a text of the model; empty for none.</param>
    public ChatTemplate(string? source, string begin, string end)
    {
        (Begin, _end) = (begin, end);
        (_template, Problem) = Compile(source);
        Source = Problem is null ? source! : ChatMlSource;
        Traits = TemplateTraits.Probe(Write);
        if (Problem is null && !Traits.Works)
        {
            (Problem, Source, _template) = (Traits.Fault ?? "leaves out what a person says", ChatMlSource, Fallback());
            Traits = TemplateTraits.Probe(Write);
        }
    }

    /// <summary>Why prompts are written in ChatML, said after "the chat template …"; null where the model's own template is used.</summary>
    public string? Problem { get; }

    /// <summary>Text of the token with which prompts begin, which a template may write itself; empty for none.</summary>
    public string Begin { get; }

    /// <summary>The template that is used.</summary>
    public string Source { get; }

    /// <summary>Texts that end a reply beside the tokens of the model that do, where the model was not trained on this form.</summary>
    public IReadOnlyList<string> Ends => Problem is null ? [] : ["<|im_end|>"];

    /// <summary>Does the prompt hold the date?</summary>
    public bool HoldsDate => Source.Contains("strftime_now", StringComparison.Ordinal);

    /// <summary>What the template can write.</summary>
    internal TemplateTraits Traits { get; }

    /// <summary>The prompt of a conversation, open for the reply.</summary>
    /// <param name="input">The conversation.</param>
    /// <param name="shield">Sees every text that a person, a tool or a caller brought before the template does, and may replace it.</param>
    /// <exception cref="ProblemException"><c>invalid-request</c>: the template refuses it.</exception>
    public string Render(ChatInput input, Func<string, string>? shield = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (messages, continued) = MessageFit.Open(input.Messages);
        try
        {
            var open = input with { Messages = messages, Thinking = continued is null ? input.Thinking : input.Thinking ?? false };
            var text = Write(ChatVariables.Of(new MessageFit(Traits).Fit(open), shield ?? (static text => text)), input.Date);
            return continued is null ? text : Continue(text, shield is null ? continued : shield(continued));
        }
        catch (TemplateException refused)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest($"The model's chat template refuses these messages: {refused.Message}"));
        }
    }

    /// <summary>A reply that goes on has been thought about already.</summary>
    private string Continue(string text, string reply) =>
        Traits.OpensThought is { } marker && text.AsSpan().TrimEnd().EndsWith(marker, StringComparison.Ordinal)
            ? $"{text}{(text.EndsWith('\n') ? "" : "\n")}\n</think>\n\n{reply}"
            : text + reply;

    private string Write(IEnumerable<KeyValuePair<string, Value>> variables, DateTimeOffset date) => _template.Render(
        variables.Append(new("bos_token", new TextValue(Begin))).Append(new("eos_token", new TextValue(_end))), date);

    private static JinjaTemplate Fallback() => JinjaTemplate.Compile(ChatMlSource);

    private static (JinjaTemplate, string? Problem) Compile(string? source)
    {
        if (string.IsNullOrWhiteSpace(source))
        {
            return (Fallback(), "is missing");
        }

        try
        {
            return (JinjaTemplate.Compile(source), null);
        }
        catch (TemplateException broken)
        {
            return (Fallback(), $"cannot be read: {broken.Message}");
        }
    }
}

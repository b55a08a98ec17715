using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Templates;

namespace HybridConversations.Inference.Text;

/// <summary>
/// Conversations to tokens by the model's chat template. What a person, a tool or a caller brings is never read as control tokens: where it contains the text of one,
/// a place-holder goes through the template in its stead, and its text is tokenised apart, as plain text. Thread-safe.
/// </summary>
public sealed class PromptRenderer(IModelBackend backend)
{
    private const int TailCharacters = 64;
    private readonly ControlTexts _controls = ControlTexts.Of(backend);

    /// <summary>The model's form of a conversation.</summary>
    public ChatTemplate Template => backend.Info.Template;

    /// <summary>Is this text one token that ends a reply?</summary>
    public bool IsEnd(string text) => backend.Tokenize(text, addSpecial: false, parseSpecial: true) is [var token] && backend.IsEndOfGeneration(token);

    /// <exception cref="ProblemException">The template refuses this conversation.</exception>
    public Prompt Render(ChatInput input)
    {
        var held = new HeldTexts(_controls);
        var text = Template.Render(input, held.Hold);
        if (held.Count == 0)
        {
            return new Prompt(First(text)) { Tail = Tail(text) };
        }

        var tokens = new List<int>();
        foreach (var (part, isHeld) in held.Split(text))
        {
            tokens.AddRange(isHeld ? backend.Tokenize(part, addSpecial: false, parseSpecial: false)
                : tokens.Count == 0 ? First(part)
                : backend.Tokenize(part, addSpecial: false, parseSpecial: true));
        }

        return new Prompt([.. tokens], HasLiteralControl: true) { Tail = Tail(text) };
    }

    /// <summary>A prompt that no template writes: all of it is read as it is, control tokens included.</summary>
    public Prompt Raw(string text) => new(First(text)) { Tail = Tail(text) };

    private static string Tail(string text) => text[^Math.Min(text.Length, TailCharacters)..];

    /// <summary>The beginning of a prompt: where the template writes the first token itself, it is not added once more.</summary>
    private int[] First(string text) =>
        backend.Tokenize(text, addSpecial: Template.Begin.Length == 0 || !text.StartsWith(Template.Begin, StringComparison.Ordinal), parseSpecial: true);
}

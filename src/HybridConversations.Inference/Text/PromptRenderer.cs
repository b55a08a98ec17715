using System.Text;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Engine;

namespace HybridConversations.Inference.Text;

/// <summary>
/// Messages to tokens by the model's chat template. A person's words are never read as control tokens: where they contain the text of one,
/// the template is rendered around place-holders and the words are tokenised apart, as plain text. Thread-safe.
/// </summary>
public sealed class PromptRenderer
{
    private readonly IModelBackend _backend;
    private readonly string[] _controls;

    public PromptRenderer(IModelBackend backend)
    {
        _backend = backend;
        _controls = [.. ControlTexts(backend)];
    }

    /// <exception cref="ProblemException">The template refuses these messages.</exception>
    public Prompt Render(IReadOnlyList<ChatMessage> messages)
    {
        if (messages.Any(m => _controls.Any(control => m.Content.Contains(control, StringComparison.Ordinal))))
        {
            return RenderApart(messages);
        }

        return new Prompt(_backend.Tokenize(_backend.ApplyChatTemplate(messages, addAssistantStart: true), addSpecial: true, parseSpecial: true));
    }

    private Prompt RenderApart(IReadOnlyList<ChatMessage> messages)
    {
        var holders = messages.Select((_, i) => $"\uE000{i}\uE001").ToArray();
        var text = _backend.ApplyChatTemplate([.. messages.Select((m, i) => m with { Content = holders[i] })], addAssistantStart: true);
        var tokens = new List<int>();
        var at = 0;
        for (var i = 0; i < messages.Count; i++)
        {
            var next = text.IndexOf(holders[i], at, StringComparison.Ordinal);
            if (next < 0)
            {
                throw new ProblemException(ProblemCodes.InvalidRequest($"The model's chat template leaves out message {i} (role '{messages[i].Role}')."));
            }

            tokens.AddRange(_backend.Tokenize(text[at..next], addSpecial: at == 0, parseSpecial: true));
            tokens.AddRange(_backend.Tokenize(messages[i].Content, addSpecial: false, parseSpecial: false));
            at = next + holders[i].Length;
        }

        tokens.AddRange(_backend.Tokenize(text[at..], addSpecial: false, parseSpecial: true));
        return new Prompt([.. tokens], HasLiteralControl: true);
    }

    private static IEnumerable<string> ControlTexts(IModelBackend backend)
    {
        var piece = new byte[512];
        for (var token = 0; token < backend.Info.VocabularySize; token++)
        {
            if (backend.IsControl(token) && backend.TokenToPiece(token, piece) is > 1 and var length)
            {
                yield return Encoding.UTF8.GetString(piece, 0, length);
            }
        }
    }
}

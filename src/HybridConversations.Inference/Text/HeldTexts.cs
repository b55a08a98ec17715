using System.Text;

namespace HybridConversations.Inference.Text;

/// <summary>Control texts taken out of what goes through a template, each held behind a place-holder of two characters, for one prompt.</summary>
internal sealed class HeldTexts(ControlTexts controls)
{
    /// <summary>Begins a place-holder (private use).</summary>
    public const char Sign = '\uE000';

    // The second character says which text: private use too, so that no template looks at it.
    private const char First = '\uE100';
    private const int Most = 0xF8FF - First + 1;
    private readonly List<string> _texts = [];

    /// <summary>Different texts held.</summary>
    public int Count => _texts.Count;

    /// <summary>The text with place-holders. A NUL, which no tokenizer takes, becomes U+FFFD.</summary>
    public string Hold(string text)
    {
        text = text.Replace('\0', '\uFFFD');
        if (controls.Find(text, 0) is not { } found)
        {
            return text;
        }

        var held = new StringBuilder(text.Length);
        var from = 0;
        for ((int At, string Text)? next = found; next is { } control; next = controls.Find(text, from))
        {
            held.Append(text, from, control.At - from).Append(Sign).Append((char)(First + Index(control.Text)));
            from = control.At + control.Text.Length;
        }

        return held.Append(text, from, text.Length - from).ToString();
    }

    /// <summary>A rendered text in parts: what the template and people wrote, and what was held.</summary>
    public IEnumerable<(string Part, bool IsHeld)> Split(string text)
    {
        var from = 0;
        for (var at = text.IndexOf(Sign); at >= 0; at = text.IndexOf(Sign, from))
        {
            // A template that cuts texts may have left half of one: nothing is known of it, so it stays what it is.
            var index = at + 1 < text.Length ? text[at + 1] - First : -1;
            var isWhole = index >= 0 && index < _texts.Count;
            if (at > from)
            {
                yield return (text[from..at], false);
            }

            if (isWhole)
            {
                yield return (_texts[index], true);
            }

            from = at + (isWhole ? 2 : 1);
        }

        if (from < text.Length)
        {
            yield return (text[from..], false);
        }
    }

    private int Index(string control)
    {
        var index = _texts.IndexOf(control);
        if (index >= 0)
        {
            return index;
        }

        if (_texts.Count == Most)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest($"The messages contain the texts of more than {Most} different control tokens."));
        }

        _texts.Add(control);
        return _texts.Count - 1;
    }
}

using System.Text;
using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.Text;

/// <summary>
/// Tokenises a prompt in which some texts of control tokens are plain words. A tokenizer cuts a text at its control tokens and looks at each fragment between two of them as a whole (and
/// SentencePiece puts a space before each), so a fragment with such words goes to it whole, and the rest as it is: the tokens are those of the whole text.
/// </summary>
/// <param name="backend">Whose tokenizer.</param>
/// <param name="first">Tokenises the prompt's beginning.</param>
internal sealed class PromptFragments(IModelBackend backend, Func<string, int[]> first)
{
    private readonly List<int> _tokens = [];
    private readonly StringBuilder _before = new();
    private readonly StringBuilder _fragment = new();
    private bool _begun;
    private bool _hasHeld;

    /// <summary>Goes on with a part of the text.</summary>
    /// <param name="part">The text.</param>
    /// <param name="isHeld">It is plain words, whatever it looks like.</param>
    /// <param name="controls">What are control tokens elsewhere.</param>
    public void Add(string part, bool isHeld, ControlTexts controls)
    {
        var from = 0;
        while (!isHeld && controls.Find(part, from) is { } found)
        {
            _fragment.Append(part, from, found.At - from);
            from = found.At + found.Text.Length;
            if (found.Text[0] == HeldTexts.Sign)
            {
                _fragment.Append(found.Text);
                continue;
            }

            EndFragment();
            _before.Append(found.Text);
        }

        _fragment.Append(part, from, part.Length - from);
        _hasHeld |= isHeld;
    }

    /// <summary>All tokens.</summary>
    public int[] End()
    {
        EndFragment();
        EndBefore();
        return [.. _tokens];
    }

    private void EndFragment()
    {
        if (_hasHeld)
        {
            EndBefore();
            _tokens.AddRange(backend.Tokenize(_fragment.ToString(), addSpecial: false, parseSpecial: false));
        }
        else
        {
            _before.Append(_fragment);
        }

        _fragment.Clear();
        _hasHeld = false;
    }

    private void EndBefore()
    {
        if (!_begun || _before.Length > 0)
        {
            var text = _before.ToString();
            _tokens.AddRange(_begun ? backend.Tokenize(text, addSpecial: false, parseSpecial: true) : first(text));
            (_begun, _) = (true, _before.Clear());
        }
    }
}

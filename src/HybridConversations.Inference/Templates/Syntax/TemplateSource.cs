using System.Text;
using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Syntax;

/// <summary>
/// A source as the lexer reads it: Jinja's <c>lstrip_blocks</c> and <c>trim_blocks</c>, with which chat templates are written, are done beforehand, and the tag
/// <c>generation</c>, which marks a reply for training, is taken out.
/// </summary>
internal static class TemplateSource
{
    public static string Prepare(string source)
    {
        var text = source.EndsWith('\n') ? source[..^1] : source;
        return WithoutGeneration(TrimBlocks(StripLines(text)));
    }

    /// <summary>Spaces and tabs between a line's beginning and a tag.</summary>
    private static string StripLines(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var end = at;
            while (end < text.Length && text[end] is ' ' or '\t')
            {
                end++;
            }

            var isTag = end + 1 < text.Length && text[end] == '{' && text[end + 1] is '#' or '%' or '-';
            var from = isTag ? end : at;
            while (end < text.Length && text[end] is not ('\n' or '\r' or '\u2028' or '\u2029'))
            {
                end++;
            }

            end = Math.Min(end + 1, text.Length);
            result.Append(text, from, end - from);
            at = end;
        }

        return result.ToString();
    }

    /// <summary>The line's end right behind a tag.</summary>
    private static string TrimBlocks(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '\n' || at < 2 || text[at - 1] != '}' || text[at - 2] is not ('#' or '%' or '-'))
            {
                result.Append(text[at]);
            }
        }

        return result.ToString();
    }

    private static string WithoutGeneration(string text)
    {
        var result = new StringBuilder(text.Length);
        var at = 0;
        for (var next = text.IndexOf("{%", StringComparison.Ordinal); next >= 0; next = text.IndexOf("{%", next + 1, StringComparison.Ordinal))
        {
            if (next < at || TagEnd(text, next, out var stripsBefore, out var stripsBehind) is not { } end)
            {
                continue;
            }

            result.Append(text, at, next - at);
            if (stripsBefore)
            {
                var kept = next;
                while (kept > at && Texts.IsSpace(text[kept - 1]))
                {
                    kept--;
                }

                result.Length -= next - kept;
            }

            at = end;
            var behind = end;
            while (behind < text.Length && Texts.IsSpace(text[behind]))
            {
                behind++;
            }

            result.Append(text, at, stripsBehind ? 0 : behind - at);
            at = behind;
        }

        return at == 0 ? text : result.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>Where the tag <c>generation</c> or <c>endgeneration</c> that begins here ends; null for another tag.</summary>
    private static int? TagEnd(string text, int from, out bool stripsBefore, out bool stripsBehind)
    {
        var at = from + 2;
        stripsBefore = Take("-");
        stripsBehind = false;
        Spaces();
        Take("end");
        if (!Take("generation"))
        {
            return null;
        }

        Spaces();
        stripsBehind = Take("-");
        return Take("%}") ? at : null;

        bool Take(string word)
        {
            var found = string.CompareOrdinal(text, at, word, 0, word.Length) == 0;
            at += found ? word.Length : 0;
            return found;
        }

        void Spaces()
        {
            while (at < text.Length && Texts.IsSpace(text[at]))
            {
                at++;
            }
        }
    }
}

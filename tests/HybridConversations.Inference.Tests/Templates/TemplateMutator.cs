using System.Text.RegularExpressions;

namespace HybridConversations.Inference.Tests.Templates;

/// <summary>Makes templates from the families and the snippets: tags cut out, doubled, exchanged, joined; now and then a character.</summary>
internal sealed partial class TemplateMutator(int seed)
{
    private readonly Random _random = new(seed);
    private readonly string[] _sources =
    [
        .. TemplateCases.Families.Select(TemplateCases.Source),
        .. TemplateCases.Read("snippets.json").GetProperty("snippets").EnumerateArray().Select(snippet => snippet.GetString()!),
    ];

    public string Next()
    {
        var parts = Parts(Pick(_sources));
        for (var changes = _random.Next(1, 4); changes > 0; changes--)
        {
            Change(parts);
        }

        return string.Concat(parts);
    }

    private void Change(List<string> parts)
    {
        var at = _random.Next(parts.Count + 1);
        switch (_random.Next(6))
        {
            case 0 when at < parts.Count:
                parts.RemoveAt(at);
                break;
            case 1 when at < parts.Count:
                parts.Insert(at, Pick(parts));
                break;
            case 2 when at < parts.Count:
                parts[at] = Pick(Parts(Pick(_sources)));
                break;
            case 3:
                parts.Insert(at, Pick(_sources));
                break;
            case 4 when at < parts.Count && parts[at].Length > 0:
                var cut = _random.Next(parts[at].Length);
                parts[at] = parts[at].Remove(cut, 1);
                break;
            default:
                parts.Insert(at, Pick("{%- if x %}", "{{ messages }}", "{{- messages[0] | tojson -}}", " \n ", "{% endif %}", "{% for m in messages %}{{ m.role }}{% endfor %}", "{{ loop.index }}", "{% set x = 1 %}", "{# c -#}"));
                break;
        }
    }

    private static List<string> Parts(string source) => [.. Tags().Split(source).Where(part => part.Length > 0)];

    private string Pick(params IReadOnlyList<string> from) => from.Count == 0 ? "" : from[_random.Next(from.Count)];

    [GeneratedRegex(@"(?<tag>\{[%{#].*?[%}#]\})", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Tags();
}

using System.Text;

namespace HybridConversations.Inference.Grammar;

/// <summary>The rules of a grammar while it is written: equal ones are shared, names are made unique.</summary>
internal sealed class GbnfRules
{
    // llama.cpp unrolls {m,n} into rules and refuses large counts; larger ones are built of blocks.
    private const int Block = 100;
    private readonly Dictionary<string, string?> _rules = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private int _characters;

    /// <summary>Takes a name for a rule that is not written yet.</summary>
    public string Reserve(string hint)
    {
        var stem = new string([.. hint.Where(char.IsAsciiLetterOrDigit).Take(24)]);
        stem = stem.Length == 0 ? "rule" : stem;
        var name = stem;
        while (_rules.ContainsKey(name) || JsonRules.IsName(name))
        {
            var number = _numbers.GetValueOrDefault(stem, 1) + 1;
            _numbers[stem] = number;
            name = $"{stem}-{number}";
        }

        _rules.Add(name, null);
        _order.Add(name);
        return name;
    }

    public void Set(string name, string expression)
    {
        _rules[name] = expression;
        _characters += name.Length + expression.Length + 6;
        if (_characters > JsonSchemaGrammar.MaxGrammarCharacters)
        {
            throw SchemaProblem.At("#", $"needs a grammar of more than {JsonSchemaGrammar.MaxGrammarCharacters} characters; make it smaller");
        }
    }

    /// <summary>A rule with this expression; the name of an earlier one where it is the same.</summary>
    public string Add(string hint, string expression)
    {
        if (_rules.ContainsKey(expression))
        {
            return expression;
        }

        if (!_names.TryGetValue(expression, out var name))
        {
            name = Reserve(hint);
            _names.Add(expression, name);
            Set(name, expression);
        }

        return name;
    }

    /// <summary>A rule of <see cref="JsonRules"/>, with those that it needs.</summary>
    public string Use(string name)
    {
        if (!_rules.ContainsKey(name))
        {
            var (expression, needs) = JsonRules.Get(name);
            _rules.Add(name, null);
            _order.Add(name);
            Set(name, expression);
            foreach (var needed in needs)
            {
                Use(needed);
            }
        }

        return name;
    }

    /// <summary>An item at least <paramref name="min"/> and at most <paramref name="max"/> times (null: any number); empty for none.</summary>
    /// <param name="item">A rule's name, a literal, a class or a group.</param>
    /// <param name="min">From 0.</param>
    /// <param name="max">Not below <paramref name="min"/>.</param>
    public string Repeat(string item, int min, int? max)
    {
        if (max is null)
        {
            return min switch { 0 => $"{item}*", 1 => $"{item}+", _ => $"{Exactly(item, min)} {item}*" };
        }

        if (max - min > 0 && max <= Block)
        {
            return max == 1 ? $"{item}?" : $"{item}{{{min},{max}}}";
        }

        return $"{Exactly(item, min)} {AtMost(item, max.Value - min)}".Trim();
    }

    private string Exactly(string item, int count) => count switch
    {
        0 => "",
        1 => item,
        <= Block => $"{item}{{{count}}}",
        _ => $"{Exactly(Add("block", $"{item}{{{Block}}}"), count / Block)} {Exactly(item, count % Block)}".Trim(),
    };

    private string AtMost(string item, int count)
    {
        if (count == 0)
        {
            return "";
        }

        var rest = count % Block == 0 ? Block : count % Block;
        var tail = rest == 1 ? $"{item}?" : $"{item}{{0,{rest}}}";
        for (var left = count - rest; left > 0; left -= Block)
        {
            // Only full blocks lead on, so that a number of items has one derivation.
            tail = Add("more", $"{item}{{0,{Block - 1}}} | {Add("block", $"{item}{{{Block}}}")} {Add("more", tail)}");
        }

        return tail;
    }

    public override string ToString()
    {
        var text = new StringBuilder(_characters);
        foreach (var name in _order)
        {
            text.Append(name).Append(" ::= ").Append(_rules[name]).Append('\n');
        }

        return text.ToString();
    }
}

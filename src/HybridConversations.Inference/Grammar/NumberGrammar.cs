using System.Text.Json.Nodes;

namespace HybridConversations.Inference.Grammar;

/// <summary>Writes an integer or a number with its bounds.</summary>
internal static class NumberGrammar
{
    private const decimal Largest = 1_000_000_000_000_000m;
    private const int MaxDecimals = 10;
    private const int FreeDecimals = 15;

    public static string Write(GbnfRules rules, JsonObject schema, string path, string hint, bool integer)
    {
        var decimals = Decimals(schema, path, integer);
        var bounds = Bounds(schema, path);
        if (!bounds.Any && decimals is 0 or FreeDecimals)
        {
            return rules.Use(decimals == 0 ? JsonRules.Integer : JsonRules.Number);
        }

        var expression = bounds.Any
            ? NumberRange.Write(bounds, decimals) ?? throw SchemaProblem.At(path, "allows no number at all by its bounds")
            : $"{rules.Use(JsonRules.Integer)} (\".\" [0-9]{{1,{decimals}}})?";
        return rules.Add(hint, expression);
    }

    private static int Decimals(JsonObject schema, string path, bool integer)
    {
        if (!schema.TryGetPropertyValue("multipleOf", out var node))
        {
            return integer ? 0 : FreeDecimals;
        }

        var step = 1m;
        for (var decimals = 0; decimals <= MaxDecimals; decimals++, step /= 10)
        {
            if (SchemaKeywords.Decimal(node) == step)
            {
                return integer ? 0 : decimals;
            }
        }

        throw SchemaProblem.At(path, $"has multipleOf {SchemaKeywords.Show(node)}; only 1, 0.1, 0.01 and so on can be enforced while text is generated");
    }

    private static NumberBounds Bounds(JsonObject schema, string path)
    {
        var (min, minExcluded) = Bound(schema, "minimum", "exclusiveMinimum", path, (a, b) => a > b);
        var (max, maxExcluded) = Bound(schema, "maximum", "exclusiveMaximum", path, (a, b) => a < b);
        return new NumberBounds(min, minExcluded, max, maxExcluded);
    }

    private static (decimal? Value, bool Excluded) Bound(JsonObject schema, string included, string excluded, string path, Func<decimal, decimal, bool> tighter)
    {
        var value = Value(schema, included, path);

        // Draft 4 wrote a boolean that turns the other one into an exclusive bound.
        if (SchemaKeywords.IsBoolean(schema[excluded], true) || SchemaKeywords.IsBoolean(schema[excluded], false))
        {
            return (value, SchemaKeywords.IsBoolean(schema[excluded], true));
        }

        return Value(schema, excluded, path) is { } other && (value is null || !tighter(value.Value, other)) ? (other, true) : (value, false);
    }

    private static decimal? Value(JsonObject schema, string keyword, string path)
    {
        if (!schema.TryGetPropertyValue(keyword, out var node))
        {
            return null;
        }

        return SchemaKeywords.Decimal(node) is { } value && Math.Abs(value) <= Largest && value == decimal.Round(value, MaxDecimals)
            ? value
            : throw SchemaProblem.At(path, $"has {keyword} {SchemaKeywords.Show(node)}; a number up to 10^15 with at most {MaxDecimals} decimals is allowed");
    }
}

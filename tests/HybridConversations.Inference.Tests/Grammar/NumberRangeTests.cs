using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using HybridConversations.Inference.Grammar;

namespace HybridConversations.Inference.Tests.Grammar;

public sealed class NumberRangeTests
{
    [Fact]
    public void Every_small_integer_is_judged_by_its_bounds()
    {
        for (var low = -23; low <= 23; low += 3)
        {
            for (var high = low; high <= 125; high += 7)
            {
                var matcher = Matcher(new NumberBounds(low, false, high, false), 0)!;
                for (var value = -130; value <= 130; value++)
                {
                    Assert.Equal(low <= value && value <= high, matcher.Accepts(value.ToString(CultureInfo.InvariantCulture)));
                }
            }
        }
    }

    [Fact]
    public void Random_bounds_are_kept_and_filled()
    {
        var number = from digits in Gen.Choose(-200000, 200000) from scale in Gen.Choose(0, 4) select digits / (decimal)Math.Pow(10, scale);
        var bound = Gen.Frequency((1, Gen.Constant((decimal?)null)), (4, number.Select(n => (decimal?)n)));
        var excluded = Gen.Elements(true, false);
        var bounds = from min in bound from max in bound from minX in excluded from maxX in excluded select new NumberBounds(min, minX, max, maxX);
        var cases = (from b in bounds from d in Gen.Elements(0, 1, 2, 15) from values in number.ListOf() select (b, d, values)).ToArbitrary();
        Prop.ForAll(cases, c => !c.b.Any || Keeps(c.b, c.d, c.values)).Check(Config.QuickThrowOnFailure.WithMaxTest(600));
    }

    private static bool Keeps(NumberBounds bounds, int decimals, IEnumerable<decimal> values)
    {
        var matcher = Matcher(bounds, decimals);
        var near = new[] { bounds.Min, bounds.Max }.OfType<decimal>()
            .SelectMany(b => new[] { b, b + 0.0001m, b - 0.0001m, b + 0.1m, b - 0.1m, b + 1, b - 1, decimal.Ceiling(b), decimal.Floor(b) });
        foreach (var value in values.Concat(near))
        {
            var text = value == 0 ? "0" : value.ToString("0.############", CultureInfo.InvariantCulture);
            var fits = Within(bounds, value) && (text.Contains('.') ? text.Length - text.IndexOf('.') - 1 : 0) <= decimals;
            Assert.True(fits == (matcher?.Accepts(text) ?? false), $"{text} within {bounds}, {decimals} decimals: {fits}");
        }

        var random = new Random(3);
        for (var i = 0; i < 20 && matcher is not null; i++)
        {
            var text = matcher.Generate(random);
            Assert.True(Within(bounds, decimal.Parse(text, CultureInfo.InvariantCulture)), $"{text} within {bounds}");
        }

        return true;
    }

    private static bool Within(NumberBounds bounds, decimal value) =>
        (bounds.Min is not { } min || value > min || (value == min && !bounds.MinExcluded))
        && (bounds.Max is not { } max || value < max || (value == max && !bounds.MaxExcluded));

    private static GbnfMatcher? Matcher(NumberBounds bounds, int decimals) =>
        NumberRange.Write(bounds, decimals) is { } expression ? new GbnfMatcher($"root ::= {expression}") : null;
}

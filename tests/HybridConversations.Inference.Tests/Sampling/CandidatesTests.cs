using HybridConversations.Inference.Sampling;

namespace HybridConversations.Inference.Tests.Sampling;

public sealed class CandidatesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(40)]
    [InlineData(999)]
    [InlineData(5000)]
    public void Top_are_the_likeliest_in_order(int k)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var row = Row(seed, 1000);
            var candidates = new Candidates(row.Length);
            candidates.SelectTop(row, k);
            Assert.Equal(row.OrderDescending().Take(k), candidates.Weights.ToArray());
            Assert.All(Enumerable.Range(0, candidates.Count), i => Assert.Equal(row[candidates.Tokens[i]], candidates.Weights[i]));
        }
    }

    [Fact]
    public void What_is_forbidden_or_no_number_is_no_candidate()
    {
        float[] row = [float.NegativeInfinity, 1, float.NaN, 2, float.NegativeInfinity];
        var candidates = new Candidates(row.Length);
        candidates.SelectTop(row, 5);
        Assert.Equal([3, 1], candidates.Tokens.ToArray());
        candidates.SelectTop([float.NegativeInfinity, float.NegativeInfinity], 5);
        Assert.Equal(0, candidates.Count);
        candidates.SelectMass([float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity], 0.9f, 0);
        Assert.Equal(0, candidates.Count);
    }

    /// <summary>Against the plain way: sort, weigh, cut.</summary>
    [Theory]
    [InlineData(0.95f, 0f)]
    [InlineData(0.5f, 0f)]
    [InlineData(0.0001f, 0f)]
    [InlineData(1f, 0.05f)]
    [InlineData(0.9f, 0.05f)]
    [InlineData(0.999f, 0.2f)]
    [InlineData(1f, 0f)]
    public void Mass_is_what_sorting_would_keep(float topP, float minP)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var row = Row(seed, 600);
            var weights = row.Select(l => Math.Exp(l - row.Max())).ToArray();
            var order = Enumerable.Range(0, row.Length).OrderByDescending(t => row[t]).ToArray();
            var (wanted, sum, total) = (new HashSet<int>(), 0.0, weights.Sum());
            foreach (var token in order)
            {
                if (wanted.Count > 0 && (sum >= topP * total || weights[token] < minP))
                {
                    break;
                }

                wanted.Add(token);
                sum += weights[token];
            }

            var candidates = new Candidates(row.Length);
            candidates.SelectMass(row, topP, minP);
            var found = candidates.Tokens.ToArray();
            Assert.Equal(found.Length, found.Distinct().Count());
            Assert.InRange(wanted.Except(found).Count() + found.Except(wanted).Count(), 0, 1); // the one at the border, by rounding
            Assert.All(Enumerable.Range(0, found.Length), i => Assert.Equal(weights[found[i]], candidates.Weights[i], 1e-5));
        }
    }

    private static float[] Row(int seed, int length)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (random.NextSingle() + random.NextSingle() + random.NextSingle()) * (1 + (seed % 7)))];
    }
}

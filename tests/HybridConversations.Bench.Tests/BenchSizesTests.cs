namespace HybridConversations.Bench.Tests;

public sealed class BenchSizesTests
{
    [Fact]
    public void Sizes_may_come_one_by_one_or_with_commas()
    {
        var errors = new List<string>();

        var sizes = BenchSizes.Parse(["voices=8, long-prompt=500", "mixed-seconds=2"], errors);

        Assert.Empty(errors);
        Assert.Equal(8, sizes.Voices);
        Assert.Equal(500, sizes.LongPrompt);
        Assert.Equal(TimeSpan.FromSeconds(2), sizes.MixedTime);
        Assert.Equal(128, sizes.DecodeTokens);
    }

    [Theory]
    [InlineData("voice=8", "there is no size 'voice'")]
    [InlineData("voices", "write voices=N with a whole number from 1 to 256")]
    [InlineData("voices=0", "from 1 to 256")]
    [InlineData("voices=many", "from 1 to 256")]
    [InlineData("utterance-min=200", "is more than utterance-max=100")]
    public void What_is_wrong_is_told(string pair, string expected)
    {
        var errors = new List<string>();

        BenchSizes.Parse([pair], errors);

        Assert.Contains(expected, Assert.Single(errors));
    }

    [Fact]
    public void Every_size_has_a_property_and_a_default_within_its_bounds()
    {
        Assert.All(BenchSizes.All, size => Assert.InRange(size.Default, size.Min, size.Max));
        Assert.Equal(BenchSizes.All.Count, BenchSizes.All.Select(size => size.Name).Distinct().Count());
        foreach (var property in typeof(BenchSizes).GetProperties().Where(property => property.GetMethod is { IsStatic: false } && property.GetIndexParameters().Length == 0))
        {
            Assert.NotNull(property.GetValue(BenchSizes.Default));
        }
    }
}

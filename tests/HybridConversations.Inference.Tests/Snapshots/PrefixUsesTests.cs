using HybridConversations.Inference.Snapshots;

namespace HybridConversations.Inference.Tests.Snapshots;

public sealed class PrefixUsesTests
{
    [Fact]
    public void The_most_used_come_first_and_of_equals_the_latest()
    {
        var uses = new PrefixUses();
        foreach (var key in new[] { "a", "b", "b", "c", "a", "d" })
        {
            uses.Count(key);
        }

        Assert.Equal(["a", "b", "d", "c", "never"], uses.Order(["never", "c", "b", "a", "d"]));
    }

    [Fact]
    public void Counts_outlive_the_process()
    {
        var before = new PrefixUses();
        before.Count("prefix/1");
        before.Count("prefix/2");
        Assert.True(before.Changed);
        var text = before.Text();
        Assert.False(before.Changed);

        var after = new PrefixUses();
        after.Read(text);
        Assert.Equal(2, after.Count("prefix/1"));
        Assert.Equal(["prefix/1", "prefix/2"], after.Order(["prefix/2", "prefix/1"]));
    }

    [Fact]
    public void A_damaged_file_counts_for_what_can_be_read()
    {
        var uses = new PrefixUses();
        uses.Read("prefix/1 3 7\n\0\0\0\nprefix/2 -1 5\nprefix/3 99999999999999999999 1\nprefix/4 1\nprefix/5 1 9223372036854775807\nprefix/6 2 8");
        Assert.Equal(["prefix/1", "prefix/6"], uses.Order(["prefix/6", "prefix/1"]));
        Assert.Equal(4, uses.Count("prefix/1"));
        Assert.Equal(1, uses.Count("prefix/5"));
    }

    [Fact]
    public void The_table_is_bounded_and_the_popular_stay()
    {
        var uses = new PrefixUses();
        uses.Count("popular");
        uses.Count("popular");
        for (var i = 0; i < 3 * PrefixUses.MaxPrefixes; i++)
        {
            uses.Count($"once-{i}");
        }

        Assert.Equal(PrefixUses.MaxPrefixes, uses.Text().Count(c => c == '\n'));
        Assert.Equal(3, uses.Count("popular"));
    }

    [Fact]
    public void What_was_popular_once_does_not_stay_for_ever()
    {
        var uses = new PrefixUses();
        for (var i = 0; i < 40_000; i++)
        {
            uses.Count("old");
        }

        for (var i = 0; i < 70_000; i++)
        {
            uses.Count("new");
        }

        Assert.True(uses.Count("old") <= 20_001);
        Assert.Equal("new", uses.Order(["old", "new"])[0]);
    }
}

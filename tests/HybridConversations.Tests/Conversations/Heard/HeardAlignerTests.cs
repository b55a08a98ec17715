using HybridConversations.Conversations;

namespace HybridConversations.Tests.Conversations;

public sealed class HeardAlignerTests
{
    [Theory]

    // A literal prefix is taken as it is.
    [InlineData("Hello there, friend.", "Hello th", "Hello th")]
    [InlineData("Hello there.", "", "")]
    [InlineData("Hello there.", "Hello there.", "Hello there.")]

    // Case, punctuation and spaces do not count; closing punctuation stays with its word.
    [InlineData("Hello there. How are you?", "hello there", "Hello there.")]
    [InlineData("Hello there. How are you?", "HELLO   there how", "Hello there. How")]
    [InlineData("\"Well-known\" facts, mostly.", "well", "\"Well")]
    [InlineData("Don’t do it. Please.", "dont do it", "Don’t do it.")]
    [InlineData("Don't do it. Please.", "don’t do it", "Don't do it.")]
    [InlineData("**Bold** and plain.", "bold", "**Bold**")]

    // All of it, or more than all of it.
    [InlineData("Hello there.  ", "hello there", "Hello there.  ")]
    [InlineData("Hello there.", "hello there and then some noise", "Hello there.")]

    // What synthesis makes of numbers and signs.
    [InlineData("It costs $3 today, and more tomorrow.", "it costs three today", "It costs $3 today,")]
    [InlineData("There are 12 of them here. Or not.", "there are twelve of them", "There are 12 of them")]
    [InlineData("See chapter 4 of the book now.", "see chapter of the book", "See chapter 4 of the book")]
    [InlineData("Take the red one first.", "take the bright red one", "Take the red one")]

    // A word that was heard in part is not kept.
    [InlineData("Hello wonderful world.", "hello wonder", "Hello")]

    // Nothing but noise.
    [InlineData("Hello there.", " ... ", "")]
    [InlineData("...", "um", "...")]

    // No word agrees: as many words as were heard.
    [InlineData("One two three four.", "eins zwei", "One two")]
    [InlineData("One two.", "eins zwei drei vier", "One two.")]

    // Scripts without spaces.
    [InlineData("今日は雨です。傘を持って。", "今日は雨です", "今日は雨です")]
    [InlineData("今日は雨です。傘を持って。", "「今日は雨です", "今日は雨です。")]
    public void Keeps_what_was_heard(string delivered, string heard, string kept) => Assert.Equal(kept, HeardAligner.Align(delivered, heard));

    [Fact]
    public void Always_gives_a_prefix_without_half_characters()
    {
        var random = new Random(7);
        string[] words = ["one", "Two,", "three.", "😀", "naïve", "4", "don't", "—", "水", "\n", "five-six"];
        for (var i = 0; i < 3000; i++)
        {
            var delivered = string.Join(' ', Enumerable.Range(0, random.Next(12)).Select(_ => words[random.Next(words.Length)]));
            var heard = string.Join(' ', Enumerable.Range(0, random.Next(12)).Select(_ => words[random.Next(words.Length)]));
            var kept = HeardAligner.Align(delivered, heard);
            Assert.StartsWith(kept, delivered, StringComparison.Ordinal);
            Assert.False(kept.Length > 0 && char.IsHighSurrogate(kept[^1]), kept);
        }
    }

    [Fact]
    public void Whatever_is_dropped_from_the_end_is_found_again()
    {
        var words = Enumerable.Range(0, 300).Select(i => $"word{i}").ToArray();
        var delivered = string.Join(", ", words) + ".";
        for (var heard = 1; heard < 300; heard += 7)
        {
            Assert.Equal(string.Join(", ", words[..heard]) + ",", HeardAligner.Align(delivered, string.Join(' ', words[..heard]).ToUpperInvariant()));
        }
    }

    [Fact]
    public void The_longest_texts_are_aligned_in_bounded_time()
    {
        var delivered = string.Concat(Enumerable.Repeat("a b c d ", Limits.MaxTurnCharacters / 8));
        var heard = "X" + string.Concat(Enumerable.Repeat("b c d e ", Limits.MaxTurnCharacters / 8));
        var started = DateTime.UtcNow;
        Assert.StartsWith(HeardAligner.Align(delivered, heard), delivered, StringComparison.Ordinal);
        Assert.True(DateTime.UtcNow - started < TimeSpan.FromSeconds(5));
    }
}

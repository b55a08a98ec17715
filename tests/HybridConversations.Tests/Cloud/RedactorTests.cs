using HybridConversations.Cloud;

namespace HybridConversations.Tests.Cloud;

public sealed class RedactorTests
{
    private const string Key = "0123456789abcdefghijKLMNOPQRSTuvwxyz";
    private static readonly Redactor Redactor = new(new Secret(Key));

    [Theory]
    [InlineData("Incorrect API key provided: " + Key + ".", "Incorrect API key provided: ***.")]
    [InlineData("The key begins with 0123456789ab… and", "The key begins with ***… and")]
    [InlineData("and ends in QRSTuvwxyz!", "and ends in ***!")]
    [InlineData(Key + Key, "******")]
    [InlineData("Bearer zyxwvutsrqponm was sent", "*** was sent")]
    [InlineData("You gave sk-proj-AAAA****************ZZZZ.", "You gave ***")]
    [InlineData("token eyJhbGciOiJSUzI1.eyJhdWQiOiJodHRwcz.c2lnbmF0dXJl is old", "token *** is old")]
    [InlineData("line one\r\nline two\u001b[31m", "line one  line two [31m")]
    [InlineData("an ordinary sentence about bearers of skills", "an ordinary sentence about bearers of skills")]
    public void Secrets_go_and_words_stay(string said, string shown) => Assert.Equal(shown, Redactor.Clean(said));

    [Fact]
    public void Long_texts_are_cut_and_no_part_of_the_key_survives_at_the_cut()
    {
        for (var at = 350; at < 420; at++)
        {
            var clean = Redactor.Clean(new string('.', at) + Key + new string('.', 10_000));
            Assert.True(clean.Length <= 401);
            Assert.DoesNotContain("012", clean, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Any_eight_characters_of_the_key_are_enough()
    {
        for (var start = 0; start <= Key.Length - 8; start++)
        {
            Assert.Equal("<***>", Redactor.Clean($"<{Key.Substring(start, 8)}>"));
        }
    }

    [Fact]
    public void A_short_key_is_found_whole() => Assert.Equal("my *** here", new Redactor(new Secret("pass1")).Clean("my pass1 here"));
}

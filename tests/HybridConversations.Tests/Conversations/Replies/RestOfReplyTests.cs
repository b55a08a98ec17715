using System.Text;
using HybridConversations.Conversations;

namespace HybridConversations.Tests.Conversations.Replies;

public sealed class RestOfReplyTests
{
    private const string Reply = "a😀é日 👩‍👩‍👧 end.";

    /// <summary>Whatever a client has had, counted in code points, and in whatever pieces the reply comes: had and told are the reply, and no piece ends inside a character.</summary>
    [Fact]
    public void What_was_had_and_what_is_told_are_the_reply()
    {
        var runes = Reply.EnumerateRunes().ToArray();
        var random = new Random(7);
        for (var received = 0; received <= runes.Length + 2; received++)
        {
            for (var round = 0; round < 20; round++)
            {
                var rest = new RestOfReply(received);
                var told = new StringBuilder();
                for (var at = 0; at < runes.Length;)
                {
                    var piece = string.Concat(runes.Skip(at).Take(random.Next(1, 5)));
                    at += piece.EnumerateRunes().Count();
                    if (rest.Of(new ReplyText(piece)) is ReplyText { Text: var text })
                    {
                        Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));
                        told.Append(text);
                    }
                }

                Assert.Equal(string.Concat(runes.Skip(received)), told.ToString());
            }
        }
    }

    [Fact]
    public void Sentences_are_counted_alike()
    {
        var rest = new RestOfReply(5);
        Assert.Null(rest.Of(new ReplySentence("😀😀 a.")));
        Assert.NotNull(rest.Of(new ReplySentence("😀")));
    }
}

using HybridConversations.Escalations.Window;

namespace HybridConversations.Tests.Escalations.Window;

public sealed class CloudWindowTests
{
    private static readonly TokenEstimate OneByteOneToken = new(1);

    [Fact]
    public void What_fits_stays_as_it_is()
    {
        var messages = Conversation(3);
        Assert.Same(messages, CloudWindow.Fit(messages, OneByteOneToken.Of(messages), OneByteOneToken));
    }

    [Fact]
    public void One_token_less_drops_the_oldest_whole_turn()
    {
        var messages = Conversation(3);
        var fit = CloudWindow.Fit(messages, OneByteOneToken.Of(messages) - 1, OneByteOneToken)!;
        Assert.Equal(["sys", "u1", "a1", "u2", "a2", "now"], fit.Select(m => m.Content));
    }

    [Fact]
    public void The_newest_turn_and_the_system_message_are_the_least_there_is()
    {
        var messages = Conversation(3);
        var least = OneByteOneToken.Of([messages[0], messages[^1]]);
        Assert.Equal(["sys", "now"], CloudWindow.Fit(messages, least, OneByteOneToken)!.Select(m => m.Content));
        Assert.Null(CloudWindow.Fit(messages, least - 1, OneByteOneToken));
    }

    [Fact]
    public void Every_size_keeps_whole_turns_and_stays_within_its_room()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var messages = new List<ChatMessage>();
            if (random.Next(2) == 0)
            {
                messages.Add(new ChatMessage(ChatMessage.System, new string('s', random.Next(20))));
            }

            for (var i = random.Next(10); i > 0; i--)
            {
                messages.Add(new ChatMessage(ChatMessage.User, new string('u', random.Next(1, 30))));
                if (random.Next(5) > 0)
                {
                    messages.Add(new ChatMessage(ChatMessage.Assistant, new string('ä', random.Next(30))));
                }
            }

            messages.Add(new ChatMessage(ChatMessage.User, "now"));
            var room = random.Next(300);
            if (CloudWindow.Fit(messages, room, OneByteOneToken) is not { } fit)
            {
                continue;
            }

            Assert.True(OneByteOneToken.Of(fit) <= room);
            Assert.Same(messages[^1], fit[^1]);
            var rest = fit.SkipWhile(m => m.Role == ChatMessage.System).ToList();
            Assert.Equal(ChatMessage.User, rest[0].Role);
            Assert.Equal(messages.TakeLast(rest.Count), rest);
        }
    }

    [Fact]
    public void No_tokenizer_over_bytes_exceeds_the_bound()
    {
        ChatMessage[] messages = [new(ChatMessage.System, "äöü"), new(ChatMessage.User, "😀")];
        Assert.True(TokenEstimate.Bound(messages, []) >= 6 + 4);
        Assert.True(TokenEstimate.Bound(messages, []) >= OneByteOneToken.Of(messages));
        Assert.Equal(4, new TokenEstimate(3).Of("Hello, world"));
        Assert.Equal(6, new TokenEstimate(3).Of("你好世界吗。"));
    }

    private static List<ChatMessage> Conversation(int turns)
    {
        var messages = new List<ChatMessage> { new(ChatMessage.System, "sys") };
        for (var i = 0; i < turns; i++)
        {
            messages.Add(new ChatMessage(ChatMessage.User, $"u{i}"));
            messages.Add(new ChatMessage(ChatMessage.Assistant, $"a{i}"));
        }

        messages.Add(new ChatMessage(ChatMessage.User, "now"));
        return messages;
    }
}

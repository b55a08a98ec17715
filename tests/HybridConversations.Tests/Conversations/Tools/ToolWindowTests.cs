using HybridConversations.Conversations;

namespace HybridConversations.Tests.Conversations.Tools;

/// <summary>Whatever leaves the window, and in whatever order things come, a call is never seen without a result behind it, nor a result without its call.</summary>
public sealed class ToolWindowTests : ToolFixture
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task No_window_splits_a_call_from_its_result(int seed)
    {
        var random = new Random(seed);
        Options = new ConversationOptions { MaxWindowTurns = 6, MaxWindowCharacters = 1000 };
        var open = new List<string>();
        for (var i = 0; i < 80; i++)
        {
            var brought = open.Where(_ => random.Next(2) == 0).ToList();
            var silent = brought.Count > 0 && random.Next(2) == 0;
            var turn = Bring($"t{i}", [.. brought.Select(id => (id, $"result of {id} {new string('x', random.Next(120))}"))]) with
            {
                Text = silent ? "" : $"words {i} {new string('y', random.Next(120))}",
                Tools = [Weather, Order],
            };
            var reply = Conversation.Say(turn).ToList();
            var device = await Device.NextGeneration();
            Check(device.Request.Messages);
            Assert.All(brought, id => Assert.Contains(device.Request.Messages, message => message.ToolCallId == id && message.Content.StartsWith($"result of {id}", StringComparison.Ordinal)));
            open.RemoveAll(brought.Contains);
            device.Say(random.Next(2) == 0 ? [$"reply {i}."] : []);
            for (var call = 0; call < random.Next(3); call++)
            {
                device.Call($"c{i}-{call}", "get_weather", index: call);
                open.Add($"c{i}-{call}");
            }

            // A device leaves out whole turns from the beginning, as it does when its context is full.
            var users = device.Request.Messages.Index().Where(at => at.Item.Role == ChatMessage.User).Select(at => at.Index).ToList();
            device.Finish(dropped: random.Next(4) == 0 && users.Count > 0 ? users[random.Next(users.Count)] : 0);
            Assert.IsNotType<ReplyFailed>((await reply)[^1]);
            if (random.Next(8) == 0)
            {
                await Restart();
            }
        }
    }

    private static void Check(IReadOnlyList<ChatMessage> messages)
    {
        Assert.Contains(messages[^1].Role, (string[])[ChatMessage.User, ChatMessage.Tool]);
        for (var at = 0; at < messages.Count; at++)
        {
            var message = messages[at];
            var results = messages.Skip(at + 1).TakeWhile(next => next.Role == ChatMessage.Tool).Select(next => next.ToolCallId!);
            if (message.Role == ChatMessage.Assistant)
            {
                Assert.Equal(message.ToolCalls.Select(call => call.CallId), results);
            }
            else if (message.Role != ChatMessage.Tool)
            {
                Assert.Empty(results);
            }
        }

        Assert.NotEqual(ChatMessage.Tool, messages[0].Role);
    }
}

using HybridConversations.Devices;
using HybridConversations.Inference.Templates;
using HybridConversations.Inference.Text;
using HybridConversations.Tests.Common;

namespace HybridConversations.Tests.Devices;

public sealed class ContextWindowTests
{
    private static readonly ChatMessage System = new(ChatMessage.System, "You are Pip.");
    private readonly SimulatedBackend _backend = new();

    [Theory]
    [InlineData(2_000, 3_000)]
    [InlineData(30_000, 40_000)]
    [InlineData(600_000, 100_000)] // more characters than a turn may have twice, as with a context of 131,072
    public void Drops_the_oldest_whole_turns_whatever_the_length(int characters, int room)
    {
        var turn = new string('x', Math.Max(50, characters / 40));
        ChatMessage[] messages = [System, .. Enumerable.Range(0, 20).SelectMany(_ => (ChatMessage[])[new(ChatMessage.User, turn), new(ChatMessage.Assistant, turn)]), new(ChatMessage.User, "And now?")];
        var (prompt, dropped) = new ContextWindow(_backend, new PromptRenderer(_backend)).Fit(new ChatInput(messages), room);
        Assert.InRange(prompt.Tokens.Length, 1, room);
        Assert.Equal(0, dropped % 2);
        Assert.True(dropped > 0 == characters >= room, $"{dropped} were dropped");
        var text = SimulatedModel.Tokenize($"<|im_start|>system\n{System.Content}<|im_end|>\n<|im_start|>user\n", parseSpecial: true);
        Assert.Equal(text, prompt.Tokens[..text.Length]);
    }
}

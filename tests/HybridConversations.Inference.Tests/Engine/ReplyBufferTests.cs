using System.Text;
using HybridConversations.Inference.Engine;

namespace HybridConversations.Inference.Tests.Engine;

/// <summary>Bytes from one thread, whole characters to another.</summary>
public sealed class ReplyBufferTests
{
    [Theory]
    [InlineData("plain", 1)]
    [InlineData("Grüße, 你好, 👩\u200d🚀 and é", 1)]
    [InlineData("Grüße, 你好, 👩\u200d🚀 and é", 2)]
    [InlineData("Grüße, 你好, 👩\u200d🚀 and é", 3)]
    public async Task A_character_is_handed_out_once_it_is_whole(string text, int step)
    {
        var buffer = new ReplyBuffer();
        var (bytes, got) = (Encoding.UTF8.GetBytes(text), new StringBuilder());
        var ready = buffer.WaitToReadAsync().AsTask();
        for (var at = 0; at < bytes.Length; at += step)
        {
            buffer.Write(bytes.AsSpan(at, Math.Min(step, bytes.Length - at)));
            var whole = Encoding.UTF8.GetCharCount(bytes, 0, Math.Min(bytes.Length, at + step));
            if (Encoding.UTF8.GetString(bytes, 0, Math.Min(bytes.Length, at + step))[..whole].EndsWith('\uFFFD'))
            {
                continue; // a character has only begun
            }

            Assert.True(await ready);
            got.Append(buffer.Take().Text);
            Assert.StartsWith(got.ToString(), text, StringComparison.Ordinal);
            ready = buffer.WaitToReadAsync().AsTask();
        }

        buffer.End();
        Assert.False(await ready);
        Assert.Equal(text, got.ToString());
    }

    [Fact]
    public async Task Bytes_that_are_no_character_become_one_and_a_cut_off_one_ends_the_reply_before_it()
    {
        var buffer = new ReplyBuffer();
        buffer.Write([(byte)'a', 0xFF, (byte)'b', 0xE4, 0xBD]);
        Assert.True(await buffer.WaitToReadAsync());
        Assert.Equal("a\uFFFDb", buffer.Take().Text);
        buffer.End();
        Assert.False(await buffer.WaitToReadAsync());
    }

    [Fact]
    public async Task What_a_token_without_text_has_to_say_is_not_lost()
    {
        var buffer = new ReplyBuffer();
        buffer.Write("x"u8, Of("x"));
        buffer.Write([0xE4], Of("?"));
        Assert.True(await buffer.WaitToReadAsync());
        Assert.Equal(2, buffer.Take().LogProbs!.Count);
        var waiting = buffer.WaitToReadAsync().AsTask();
        buffer.Write([0xBD], Of("??"));
        buffer.Write([], Of(""));
        Assert.False(waiting.IsCompleted);
        buffer.End();
        Assert.True(await waiting);
        var (text, logProbs) = buffer.Take();
        Assert.Equal("", text);
        Assert.Equal(["??", ""], logProbs!.Select(token => token.Token));
        Assert.False(await buffer.WaitToReadAsync());
    }

    [Fact]
    public async Task A_reader_that_comes_late_and_one_that_keeps_up_get_the_same()
    {
        var random = new Random(3);
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(_ => char.ConvertFromUtf32(random.Next(4) switch { 0 => random.Next(0x4E00, 0x9000), 1 => random.Next(0x1F600, 0x1F640), _ => random.Next('a', 'z') })));
        foreach (var late in (bool[])[true, false])
        {
            var buffer = new ReplyBuffer();
            var writer = Task.Run(() =>
            {
                var (bytes, sizes) = (Encoding.UTF8.GetBytes(text), new Random(4));
                for (int at = 0, size; at < bytes.Length; at += size)
                {
                    size = Math.Min(sizes.Next(1, 9), bytes.Length - at);
                    buffer.Write(bytes.AsSpan(at, size));
                }

                buffer.End();
            });
            if (late)
            {
                await writer;
            }

            var got = new StringBuilder();
            while (await buffer.WaitToReadAsync())
            {
                got.Append(buffer.Take().Text);
            }

            Assert.Equal(text, got.ToString());
            await writer;
        }
    }

    [Fact]
    public async Task When_the_reader_has_left_nothing_is_kept()
    {
        var buffer = new ReplyBuffer();
        buffer.Write("something"u8, Of("something"));
        buffer.Release();
        buffer.Write("more"u8, Of("more"));
        buffer.End();
        Assert.False(await buffer.WaitToReadAsync());
        Assert.Equal(("", null), buffer.Take());
        buffer.Release();
    }

    private static TokenLogProb Of(string token) => new(token, -1, []);
}

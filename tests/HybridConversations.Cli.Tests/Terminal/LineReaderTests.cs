using HybridConversations.Cli.Terminal;

namespace HybridConversations.Cli.Tests.Terminal;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a", new[] { "a" })]
    [InlineData("a\n", new[] { "a" })]
    [InlineData("a\n\nb", new[] { "a", "", "b" })]
    [InlineData("a\r\nb\rc\r\n", new[] { "a", "b\rc" })]
    public async Task Lines_come_without_their_ends(string text, string[] lines) => Assert.Equal(lines, (await Read(text, 100)).Select(line => line.Text));

    [Theory]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(50_000)]
    public async Task Lines_longer_than_the_buffer_are_whole(int length)
    {
        var line = new string('x', length);
        Assert.Equal([(line, false), ("y", false)], await Read($"{line}\ny\n", 100_000));
    }

    [Fact]
    public async Task A_line_beyond_the_limit_is_cut_and_marked()
    {
        var lines = await Read("abcdef\nabc\nabcd\n" + new string('z', 10_000) + "\nok\n", 3);
        Assert.Equal([("abc", true), ("abc", false), ("abc", true), ("zzz", true), ("ok", false)], lines);
    }

    private static async Task<List<(string Text, bool Shortened)>> Read(string text, int limit)
    {
        var reader = new LineReader(new StringReader(text), limit);
        var lines = new List<(string, bool)>();
        while (await reader.Next(default) is { } line)
        {
            lines.Add((line, reader.Shortened));
        }

        return lines;
    }
}

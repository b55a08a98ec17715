using System.Text;
using HybridConversations.Bench.Http;

namespace HybridConversations.Bench.Tests.Http;

public sealed class SseReaderTests
{
    private const string Stream =
        ": a comment\n\nevent: text\r\ndata: {\"text\":\"Grüße\"}\r\n\r\ndata:one\ndata: two\nid: 7\nretry\n\nevent: lonely\n\ndata: [DONE]\n\ndata: unfinished";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Events_are_the_same_however_the_network_cuts_them(int piece)
    {
        using var reader = new SseReader(Pieces(new ManualClock(), Cut(Stream, piece)), TimeProvider.System);
        var events = new List<string>();
        while (await reader.Next(CancellationToken.None))
        {
            events.Add($"{reader.Name}={Encoding.UTF8.GetString(reader.Data.Span)}");
        }

        Assert.Equal(["text={\"text\":\"Grüße\"}", "message=one\ntwo", "message=[DONE]"], events);
    }

    [Fact]
    public async Task An_event_has_arrived_when_its_last_byte_was_read()
    {
        var clock = new ManualClock();
        using var reader = new SseReader(Pieces(clock, ["data: a\n", "\n", "data: b\n\ndata: c\n\n"]), clock);
        var begun = clock.GetTimestamp();
        var arrivals = new List<double>();
        while (await reader.Next(CancellationToken.None))
        {
            arrivals.Add(clock.GetElapsedTime(begun, reader.ArrivedAt).TotalMilliseconds);
        }

        // Each piece takes 10 ms; b and c came in one.
        Assert.Equal([20, 30, 30], arrivals);
    }

    [Fact]
    public async Task A_line_beyond_the_limit_ends_the_reading()
    {
        using var reader = new SseReader(Pieces(new ManualClock(), Cut("data: " + new string('x', 100_000), 4096)), TimeProvider.System) { MaxEventBytes = 50_000 };

        await Assert.ThrowsAsync<InvalidDataException>(async () => await reader.Next(CancellationToken.None));
    }

    [Fact]
    public async Task An_event_of_many_lines_beyond_the_limit_ends_the_reading()
    {
        var lines = string.Concat(Enumerable.Repeat($"data: {new string('x', 1000)}\n", 60));
        using var reader = new SseReader(Pieces(new ManualClock(), Cut(lines, 4096)), TimeProvider.System) { MaxEventBytes = 50_000 };

        await Assert.ThrowsAsync<InvalidDataException>(async () => await reader.Next(CancellationToken.None));
    }

    private static IEnumerable<byte[]> Cut(string text, int length) => Encoding.UTF8.GetBytes(text).Chunk(length);

    private static PieceStream Pieces(ManualClock clock, IEnumerable<string> pieces) => Pieces(clock, pieces.Select(Encoding.UTF8.GetBytes));

    private static PieceStream Pieces(ManualClock clock, IEnumerable<byte[]> pieces) => new(pieces, () => clock.Advance(10));
}

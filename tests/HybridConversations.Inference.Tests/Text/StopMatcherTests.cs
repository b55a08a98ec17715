using System.Text;
using FsCheck;
using FsCheck.Fluent;
using HybridConversations.Inference.Text;

namespace HybridConversations.Inference.Tests.Text;

public sealed class StopMatcherTests
{
    [Fact]
    public void Text_before_the_stop_goes_out_and_nothing_after_it()
    {
        var matcher = new StopMatcher(["User:"]);
        Assert.Equal("Hello. ", Text(matcher.Push("Hello. Us"u8)));
        Assert.Equal(2, matcher.Held);
        var end = matcher.Push("er: and more"u8);
        Assert.True(end.Stopped);
        Assert.Equal(0, end.StopIndex);
        Assert.Equal("", Text(end));
        Assert.True(matcher.Push("still"u8).Stopped);
        Assert.Equal("", Text(matcher.Flush()));
    }

    [Fact]
    public void What_only_looked_like_a_stop_is_given_back()
    {
        var matcher = new StopMatcher(["\n\nUser:"]);
        Assert.Equal("a", Text(matcher.Push("a\n\nUse"u8)));
        Assert.Equal("\n\nUsed", Text(matcher.Push("d"u8)));
        Assert.Equal("", Text(matcher.Push("\n"u8)));
        Assert.Equal("\n", Text(matcher.Flush()));
        Assert.Equal("", Text(matcher.Flush()));
    }

    [Fact]
    public void A_stop_inside_one_that_began_earlier_waits_for_it()
    {
        var matcher = new StopMatcher(["abcd", "bc"]);
        Assert.False(matcher.Push("xabc"u8).Stopped);
        var end = matcher.Push("d"u8);
        Assert.Equal(0, end.StopIndex);
        Assert.Equal("", Text(end));

        matcher = new StopMatcher(["abcd", "bc"]);
        Assert.Equal("x", Text(matcher.Push("xabc"u8)));
        end = matcher.Push("e"u8);
        Assert.Equal(1, end.StopIndex);
        Assert.Equal("a", Text(end));

        matcher = new StopMatcher(["abcd", "bc"]);
        Assert.Equal("x", Text(matcher.Push("xabc"u8)));
        end = matcher.Flush();
        Assert.True(end.Stopped);
        Assert.Equal("a", Text(end));
    }

    [Fact]
    public void Without_stop_strings_a_piece_passes_as_it_is()
    {
        var piece = "abc"u8;
        Assert.True(new StopMatcher([]).Push(piece).Text == piece);
    }

    [Fact]
    public void Bad_stop_strings_are_refused_with_their_place()
    {
        Assert.Contains("stop[1]", Assert.Throws<ProblemException>(() => new StopMatcher(["a", ""])).Message, StringComparison.Ordinal);
        Assert.Throws<ProblemException>(() => new StopMatcher([new string('a', Limits.MaxStopCharacters + 1)]));
        Assert.Throws<ProblemException>(() => new StopMatcher([.. Enumerable.Repeat("a", Limits.MaxStopStrings + 1)]));
    }

    [Fact]
    public void The_longest_stop_strings_work()
    {
        var stops = Enumerable.Range(0, Limits.MaxStopStrings).Select(i => new string('日', Limits.MaxStopCharacters - 1) + (char)('a' + i)).ToArray();
        var matcher = new StopMatcher(stops);
        Assert.Equal("日", Text(matcher.Push(Encoding.UTF8.GetBytes(new string('日', Limits.MaxStopCharacters)))));
        Assert.Equal(15, matcher.Push("p"u8).StopIndex);
    }

    [Fact]
    public void Pushing_does_not_allocate()
    {
        var matcher = new StopMatcher(["###", "User:", "\n\n"]);
        matcher.Push("warm up # Us"u8);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            matcher.Push(" ## Use \n "u8);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Random_text_in_random_pieces_stops_where_the_joined_text_first_holds_a_stop()
    {
        var letters = Gen.Elements("a", "b", "c", "é", "日", "\n");
        var stops = letters.NonEmptyListOf().Select(s => string.Concat(s.Take(5))).ListOf().Select(s => s.Take(4).ToArray());
        var text = letters.ListOf().Select(string.Concat);
        var cases = (from s in stops from t in text from seed in Gen.Choose(0, int.MaxValue) select (s, t, seed)).ToArbitrary();
        Prop.ForAll(cases, c => StopsAsJoined(c.s, c.t, c.seed)).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    private static bool StopsAsJoined(string[] stops, string text, int seed)
    {
        // Bytes as Latin-1 characters: string.IndexOf is the oracle, and the pieces may cut characters.
        var bytes = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
        var byteStops = stops.Select(s => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(s))).ToArray();
        var first = byteStops.Select(s => bytes.IndexOf(s, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();

        var matcher = new StopMatcher(stops);
        var random = new Random(seed);
        var released = "";
        var pushed = 0;
        var stopped = false;
        while (pushed < bytes.Length && !stopped)
        {
            var length = Math.Min(random.Next(0, 5), bytes.Length - pushed);
            var match = matcher.Push(Encoding.Latin1.GetBytes(bytes.Substring(pushed, length)));
            pushed += length;
            released += Encoding.Latin1.GetString(match.Text);
            stopped = match.Stopped;
            var seen = bytes[..pushed];
            if (!stopped && !byteStops.Any(s => seen.Contains(s, StringComparison.Ordinal)))
            {
                Assert.Equal(seen.Length - LongestHeld(seen, byteStops), released.Length);
            }
        }

        if (!stopped)
        {
            var match = matcher.Flush();
            released += Encoding.Latin1.GetString(match.Text);
            stopped = match.Stopped;
        }

        Assert.Equal(first >= 0, stopped);
        Assert.Equal(first >= 0 ? bytes[..first] : bytes, released);
        return true;
    }

    private static int LongestHeld(string seen, string[] stops) =>
        Enumerable.Range(0, seen.Length + 1).Last(n => n == 0 || stops.Any(s => s.StartsWith(seen[^n..], StringComparison.Ordinal)));

    private static string Text(StopMatch match) => Encoding.UTF8.GetString(match.Text);
}

using System.Text;
using HybridConversations.Cloud;
using HybridConversations.Tests.Common.MisbehavingCloud;
using HybridConversations.Tests.Escalations;

namespace HybridConversations.Tests.Cloud;

public sealed class SplitCharactersTests
{
    /// <summary>Each piece as it stands between its quotes; <c>&lt;F0&gt;</c> is a byte.</summary>
    [Theory]
    [InlineData("Hi <F0><9F>|<98><80>!", "Hi 😀!")]
    [InlineData("<F0>|<9F>|<98>|<80>", "😀")]
    [InlineData("Caf<C3>|<A9>", "Café")]
    [InlineData("Hi \\ud83d|\\ude00!", "Hi 😀!")]
    [InlineData("Hi \\uD83D||\\uDE00!", "Hi 😀!")]
    [InlineData("\\ud83d\\ude00\\ud83d|\\ude01", "😀😁")]
    [InlineData("\\\\ud83d|\\\\ude00", "\\ud83d\\ude00")]
    [InlineData("a \\\"\\ud83d|\\ude00\\n\\\"", "a \"😀\n\"")]
    [InlineData("never \\ud83d|whole", "never \uFFFDwhole")]
    [InlineData("never \\ude00|whole", "never \uFFFDwhole")]
    [InlineData("never <F0><9F>|whole", "never \uFFFDwhole")]
    [InlineData("ends within <F0><9F>", "ends within ")]
    [InlineData("ends within \\ud83d", "ends within ")]
    public async Task A_character_that_was_cut_in_two_is_whole_again(string pieces, string reply)
    {
        await using var fixture = await CloudFixture.Start();
        fixture.Server.Next(Misbehaviour.None with { Spelled = [.. pieces.Split('|').Select(Bytes)] });
        var heard = new List<string>();

        var (text, finished) = await fixture.Ask(heard: heard.Add);

        Assert.Equal(reply, text);
        Assert.Equal(FinishReason.Stop, finished.FinishReason);
        Assert.All(heard, soFar => Assert.StartsWith(soFar, reply, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_sound_is_left_as_it_is()
    {
        var characters = new SplitCharacters();
        foreach (var line in (string[])["data: [DONE]\n", ": a comment\n", "\n", "data: {\"content\":\"\\ud83d\\ude00 😀\"}\r", "data: {broken \\ud83d\n", "event: \\ud83d\n"])
        {
            Assert.Equal(line, Encoding.UTF8.GetString(characters.Mend(Encoding.UTF8.GetBytes(line))));
        }
    }

    [Fact]
    public void Any_text_cut_anywhere_is_the_text_again()
    {
        var random = new Random(7);
        const string text = "Grüße, 世界! 👩‍👩‍👧 \\ \" \n ende 🇩🇪";
        for (var round = 0; round < 2_000; round++)
        {
            var spelled = Spell(text, random);
            var characters = new SplitCharacters();
            var heard = new StringBuilder();
            for (var from = 0; from < spelled.Count;)
            {
                var length = Math.Min(spelled.Count - from, random.Next(1, 6));
                var piece = spelled.Skip(from).Take(length).SelectMany(bytes => bytes);
                var mended = characters.Mend([.. "data: {\"choices\":[{\"delta\":{\"content\":\""u8, .. piece, .. "\"}}]}\n"u8]);
                using var json = System.Text.Json.JsonDocument.Parse(mended[5..].ToArray());
                heard.Append(json.RootElement.GetProperty("choices")[0].GetProperty("delta").GetProperty("content").GetString());
                from += length;
            }

            Assert.Equal(text, heard.ToString());
        }
    }

    /// <summary>A text in units between which a careless server might cut: bytes, or escapes.</summary>
    private static List<byte[]> Spell(string text, Random random)
    {
        var units = new List<byte[]>();
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\\' or '"' or '\n' || random.Next(2) == 0)
            {
                units.AddRange(rune.ToString().Select(c => Encoding.ASCII.GetBytes($"\\u{(int)c:x4}")));
            }
            else
            {
                units.AddRange(Encoding.UTF8.GetBytes(rune.ToString()).Select(b => (byte[])[b]));
            }
        }

        return units;
    }

    private static byte[] Bytes(string spelled)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < spelled.Length; i++)
        {
            if (spelled[i] != '<')
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(spelled[i].ToString()));
                continue;
            }

            bytes.Add(Convert.ToByte(spelled.Substring(i + 1, 2), 16));
            i += 3;
        }

        return [.. bytes];
    }
}

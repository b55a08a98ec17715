using System.Text;
using FsCheck;
using FsCheck.Fluent;
using HybridConversations.Inference.Text;

namespace HybridConversations.Inference.Tests.Text;

public sealed class Utf8AssemblerTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("größer, 日本語, 👩‍👩‍👧")]
    public void A_character_goes_out_with_its_last_byte(string text)
    {
        var assembler = new Utf8Assembler();
        var output = new StringBuilder();
        Span<byte> buffer = stackalloc byte[Utf8Assembler.MaxOutput(1)];
        foreach (var rune in text.EnumerateRunes())
        {
            var bytes = Encoding.UTF8.GetBytes(rune.ToString());
            for (var i = 0; i < bytes.Length; i++)
            {
                var written = assembler.Push(bytes.AsSpan(i, 1), buffer);
                Assert.Equal(i == bytes.Length - 1 ? bytes.Length : 0, written);
                output.Append(Encoding.UTF8.GetString(buffer[..written]));
            }

            Assert.Equal(0, assembler.Pending);
        }

        Assert.Equal(text, output.ToString());
    }

    [Fact]
    public void A_character_that_never_ends_becomes_one_replacement_at_the_end()
    {
        var assembler = new Utf8Assembler();
        Span<byte> buffer = stackalloc byte[32];
        Assert.Equal(0, assembler.Push([0xF0, 0x9F, 0x98], buffer));
        Assert.Equal(3, assembler.Pending);
        Assert.Equal(3, assembler.Flush(buffer));
        Assert.Equal("\uFFFD", Encoding.UTF8.GetString(buffer[..3]));
        Assert.Equal(0, assembler.Flush(buffer));
    }

    [Fact]
    public void Too_little_room_is_refused_before_anything_is_taken()
    {
        var assembler = new Utf8Assembler();
        Assert.Throws<ArgumentException>(() => assembler.Push("ab"u8, new byte[8]));
        Assert.Equal(0, assembler.Pending);
    }

    [Fact]
    public void Random_bytes_in_random_pieces_decode_as_if_joined()
    {
        // Bytes that are likely to begin, continue, break and overlong-encode characters.
        var interesting = Gen.OneOf(
            Gen.Elements<byte>(0x41, 0x80, 0xBF, 0xC0, 0xC3, 0xA9, 0xE0, 0xE6, 0x97, 0xA5, 0xED, 0xA0, 0xEF, 0xF0, 0x9F, 0x98, 0x80, 0xF4, 0x90, 0xF5, 0xFF),
            ArbMap.Default.GeneratorFor<byte>());
        var pieces = interesting.ArrayOf().ArrayOf().ToArbitrary();
        Prop.ForAll(pieces, Decodes).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    private static bool Decodes(byte[][] pieces)
    {
        var assembler = new Utf8Assembler();
        var output = new List<byte>();
        foreach (var piece in pieces)
        {
            var buffer = new byte[Utf8Assembler.MaxOutput(piece.Length)];
            output.AddRange(buffer.AsSpan(0, assembler.Push(piece, buffer)));
            Assert.True(System.Text.Unicode.Utf8.IsValid(output.ToArray()));
        }

        var rest = new byte[3];
        output.AddRange(rest.AsSpan(0, assembler.Flush(rest)));
        return Encoding.UTF8.GetString(output.ToArray()) == Encoding.UTF8.GetString(pieces.SelectMany(p => p).ToArray());
    }
}

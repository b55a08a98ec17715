using FsCheck;
using FsCheck.Fluent;
using HybridConversations.Inference.Text;

namespace HybridConversations.Inference.Tests.Text;

public sealed class SentenceSplitterTests
{
    // '|' marks where sentences end.
    [Theory]
    [InlineData("Hello there.| How are you?| Fine!")]
    [InlineData("Dr. Smith and Mrs. Jones met Prof. Lee.| They talked.")]
    [InlineData("Use a tool, e.g. a saw, i.e. something sharp.| Then cut.")]
    [InlineData("The U.S. Army has bases.| She lives in the U.S.| The weather is fine there.")]
    [InlineData("We eat apples, pears, etc. and more.| I like plums, etc.| It is fun.")]
    [InlineData("Pi is 3.14 and not 3.| Really.")]
    [InlineData("It costs $1.50 at example.com today.| Buy it.")]
    [InlineData("1. First thing.| 2. Second thing.| 3. Third.")]
    [InlineData("Steps: 1. Mix it.| 2. Bake it.")]
    [InlineData("A. Paris is one.| B. Rome is another.")]
    [InlineData("iv. This is the fourth.| It counts.")]
    [InlineData("Wait... what did you say?| Hmm...| Never mind.")]
    [InlineData("Well… maybe.| Fine… |Good.")]
    [InlineData("\"Really?\" he asked.| \"Yes.\"| She left.")]
    [InlineData("He said \"Stop.\"| Then he went.")]
    [InlineData("It works (mostly.)| Good.")]
    [InlineData("**Note.**| This is bold.| *Yes!*| Done.")]
    [InlineData("What?!| No way!!!| OK.")]
    [InlineData("J. R. R. Tolkien wrote it.| He was a professor.")]
    [InlineData("Meet at 5 p.m. tomorrow.| We close at 6 p.m.| The door is locked.")]
    [InlineData("See No. 5 on the list.| Is it big? |No.| It is small.")]
    [InlineData("See Fig. 3 and p. 12 for it.| Good.")]
    [InlineData("So do I.| We agree.")]
    [InlineData("Solve for x.| Then add y.")]
    [InlineData("It was 1999.| Then came 2000.")]
    [InlineData("I like Node.js and .NET a lot.| You?")]
    [InlineData("First line\n|Second line\n\n|Third")]
    [InlineData("- one\n|- two\n|- three")]
    [InlineData("你好。|我很好！|你呢？|好")]
    [InlineData("他说：“好。”|然后走了。")]
    [InlineData("「はい。」と言った。|そして帰った。")]
    [InlineData("你好!|我是小明.|请坐")]
    [InlineData("Great job! |🎉 Next one.| Bye.😀| See you.")]
    [InlineData("मैं ठीक हूँ।| आप कैसे हैं?")]
    [InlineData("هل أنت بخير؟| نعم.")]
    [InlineData("Das ist z.B. so.| Und Hr. Müller kommt bzw. geht.| Gut.")]
    [InlineData("Er kam am 3. Mai an.| Das war im 19. Jahrhundert.| Vgl. Kapitel zwei.")]
    [InlineData("Od 5. maja jest zimno, np. w górach.| To skrót.")]
    [InlineData("¿Cómo estás?| ¡Bien!| La Sra. López vive en la pág. 4.| Sí.")]
    [InlineData("Это рисунок, т.е. картина.| Да.")]
    [InlineData("Bu, örn. kedi.| Tamam.")]
    [InlineData("Il dott. Rossi è qui.| Ciao.")]
    [InlineData("Apple Inc. makes phones.| He joined Apple Inc.| It was 2005.")]
    [InlineData("It took 20 ms.| Then it stopped.")]
    [InlineData("   leading space.|   And more.   ")]
    public void Sentences_end_where_a_reader_ends_them(string marked)
    {
        var expected = marked.Split('|').Select(s => s.Trim()).ToArray();
        var text = marked.Replace("|", "", StringComparison.Ordinal);
        Assert.Equal(expected, Split(text, text.Length));
        Assert.Equal(expected, Split(text, 1));
    }

    [Theory]
    [InlineData("Hello. ", "Hello.")]
    [InlineData("Really? ", "Really?")]
    [InlineData("Oh! ", "Oh!")]
    [InlineData("Line\n", "Line")]
    [InlineData("好。我", "好。")]
    public void A_sentence_goes_out_as_soon_as_it_is_certain(string text, string sentence)
    {
        var splitter = new SentenceSplitter();
        splitter.Push(text.AsSpan(0, text.Length - 1));
        Assert.False(splitter.TryTake(out _));
        splitter.Push(text.AsSpan(text.Length - 1));
        Assert.True(splitter.TryTake(out var taken));
        Assert.Equal(sentence, taken);
    }

    [Fact]
    public void The_rest_comes_with_the_end_and_the_splitter_is_as_new()
    {
        var splitter = new SentenceSplitter();
        splitter.Push("No full stop");
        Assert.False(splitter.TryTake(out _));
        splitter.Flush();
        Assert.True(splitter.TryTake(out var rest));
        Assert.Equal("No full stop", rest);
        Assert.False(splitter.TryTake(out _));
        splitter.Push("Again. x");
        Assert.True(splitter.TryTake(out rest));
        Assert.Equal("Again.", rest);
    }

    [Fact]
    public void Text_that_runs_on_is_cut_at_a_clause()
    {
        var text = string.Concat(Enumerable.Repeat("word after word, ", 40));
        var sentences = Split(text, 7);
        Assert.All(sentences, s => Assert.InRange(s.Length, 1, SentenceSplitter.DefaultLimit));
        Assert.All(sentences, s => Assert.EndsWith(",", s, StringComparison.Ordinal));
        Assert.InRange(sentences.Count, 2, 3);
    }

    [Fact]
    public void Without_a_clause_it_is_cut_between_words_and_without_words_between_characters()
    {
        Assert.All(Split(string.Concat(Enumerable.Repeat("word ", 200)), 3), s => Assert.EndsWith("word", s, StringComparison.Ordinal));
        var family = "👩‍👩‍👧‍👦";
        var cut = Split(string.Concat(Enumerable.Repeat(family, 60)), 5);
        Assert.All(cut, s => Assert.Equal(0, s.Length % family.Length));
        Assert.True(cut.Count > 1);
    }

    [Fact]
    public void Sentences_hold_all_text_and_do_not_depend_on_the_pieces()
    {
        var words = Gen.Elements(
            "Hello", "the", "Dr", "e.g", "U.S", "etc", "3", "14", "x", "I", "No", "The", "word", "日本", "「はい", "😀", "👩‍👧", "\uD83D", "a", "\"", "”", ")", "」",
            ".", ".", ". ", "!", "? ", "...", "…", "。", "？", "\n", "\r\n", " ", " ", " ", ", ", "; ", "    ");
        var cases = (from w in words.ListOf() from w2 in words.ListOf() from seed in Gen.Choose(0, int.MaxValue) select (string.Concat(w) + string.Concat(w2), seed)).ToArbitrary();
        Prop.ForAll(cases, c => HoldsAll(c.Item1, c.seed)).Check(Config.QuickThrowOnFailure.WithMaxTest(4000).WithEndSize(120));
    }

    private static bool HoldsAll(string text, int seed)
    {
        var random = new Random(seed);
        var limit = random.Next(20, 60);
        var whole = Split(text, Math.Max(text.Length, 1), limit);
        Assert.Equal(Squeeze(text), Squeeze(string.Concat(whole)));
        Assert.All(whole, s => Assert.True(s.Length > 0 && s.Length <= limit && s == s.Trim()));
        Assert.Equal(whole, Split(text, 1, limit));

        var splitter = new SentenceSplitter(limit);
        var sentences = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(random.Next(0, 9), text.Length - at);
            splitter.Push(text.AsSpan(at, length));
            at += length;
            Drain(splitter, sentences);
        }

        splitter.Flush();
        Drain(splitter, sentences);
        Assert.Equal(whole, sentences);
        return true;
    }

    private static string Squeeze(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    private static List<string> Split(string text, int piece, int limit = SentenceSplitter.DefaultLimit)
    {
        var splitter = new SentenceSplitter(limit);
        var sentences = new List<string>();
        for (var at = 0; at < text.Length; at += piece)
        {
            splitter.Push(text.AsSpan(at, Math.Min(piece, text.Length - at)));
            Drain(splitter, sentences);
        }

        splitter.Flush();
        Drain(splitter, sentences);
        return sentences;
    }

    private static void Drain(SentenceSplitter splitter, List<string> sentences)
    {
        while (splitter.TryTake(out var sentence))
        {
            sentences.Add(sentence);
        }
    }
}

using HybridConversations.Inference.Backends;
using HybridConversations.Inference.KvCache;
using HybridConversations.Inference.LlamaCpp;
using HybridConversations.Inference.Tests.Backends;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.KvCache;

/// <summary>Tokens that are held for the same text go before those that the text is read as.</summary>
public sealed class HeldPromptTests
{
    private const string Beginning = "<|im_start|>user\nTell me a story.<|im_end|>\n<|im_start|>assistant\n";
    private const string Reply = "Once upon a time there was a small boat, and nobody knew its name.";

    [SkippableFact]
    public async Task A_reply_that_was_sampled_letter_by_letter_is_kept_and_the_text_stays_the_same()
    {
        using var backend = await Load();
        int[] held = [.. Tokens(backend, Beginning), .. Letters(backend, Reply)];
        var prompt = Tokens(backend, Beginning + Reply + "<|im_end|>\n<|im_start|>user\nAnd then?");
        var common = held.AsSpan().CommonPrefixLength(prompt);
        Assert.True(common < held.Length - 16, "Letter by letter and read as a whole it is the same: the test would show nothing.");
        var aligned = HeldPrompt.Align(held, prompt, common, backend);
        Assert.Equal(held, aligned![..held.Length]);
        Assert.Equal(Text(backend, prompt), Text(backend, aligned));
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(40)]
    public async Task Where_the_text_was_changed_it_is_kept_up_to_there(int at)
    {
        using var backend = await Load();
        int[] held = [.. Tokens(backend, Beginning), .. Letters(backend, Reply)];
        var changed = $"{Reply[..at]}#{Reply[(at + 1)..]}";
        var prompt = Tokens(backend, Beginning + changed + "<|im_end|>\n");
        var common = held.AsSpan().CommonPrefixLength(prompt);
        var aligned = HeldPrompt.Align(held, prompt, common, backend);
        var kept = Tokens(backend, Beginning).Length + at;
        if (kept - common <= 16)
        {
            Assert.Null(aligned);
            return;
        }

        Assert.Equal(held[..kept], aligned![..kept]);
        Assert.Equal(Text(backend, prompt), Text(backend, aligned));
    }

    [SkippableFact]
    public async Task A_character_that_is_held_in_part_is_not_gone_on_from()
    {
        using var backend = await Load();
        const string Foreign = "Grüße aus 東京, und noch viele Wörter mehr für diesen Satz";
        int[] letters = Letters(backend, Foreign);
        for (var cut = letters.Length - 20; cut < letters.Length; cut++)
        {
            int[] held = [.. Tokens(backend, Beginning), .. letters[..cut]];
            var prompt = Tokens(backend, Beginning + Foreign + "<|im_end|>\n");
            if (HeldPrompt.Align(held, prompt, held.AsSpan().CommonPrefixLength(prompt), backend) is { } aligned)
            {
                Assert.Equal(Text(backend, prompt), Text(backend, aligned));
            }
        }
    }

    [SkippableFact]
    public async Task What_gains_little_is_left_alone()
    {
        using var backend = await Load();
        var prompt = Tokens(backend, Beginning + Reply);
        Assert.Null(HeldPrompt.Align(prompt.AsSpan(0, prompt.Length - 3), prompt, prompt.Length - 3, backend)); // it goes on from all of it already
        Assert.Null(HeldPrompt.Align([.. prompt.AsSpan(0, 10), .. Letters(backend, "qqqqqqqqqqqqqqqqqqqqqqqqqqqq")], prompt, 10, backend)); // another text
    }

    private static Task<LlamaBackend> Load() =>
        RealBackend.Load(new BackendOptions { ModelPath = RepositoryFiles.DemoModel, Context = 512, MaxSequences = 2, Threads = 1 });

    private static int[] Tokens(LlamaBackend backend, string text) => backend.Tokenize(text, addSpecial: false, parseSpecial: true);

    /// <summary>Each byte's own token.</summary>
    private static int[] Letters(LlamaBackend backend, string text)
    {
        var byByte = new Dictionary<byte, int>();
        var piece = new byte[64];
        for (var token = 0; token < backend.Info.VocabularySize; token++)
        {
            if (backend.TokenToPiece(token, piece) == 1)
            {
                byByte.TryAdd(piece[0], token);
            }
        }

        return [.. System.Text.Encoding.UTF8.GetBytes(text).Select(value => byByte[value])];
    }

    private static string Text(LlamaBackend backend, int[] tokens)
    {
        var (bytes, piece) = (new List<byte>(), new byte[64]);
        foreach (var token in tokens)
        {
            bytes.AddRange(piece.AsSpan(0, backend.TokenToPiece(token, piece)));
        }

        return System.Text.Encoding.UTF8.GetString([.. bytes]);
    }
}

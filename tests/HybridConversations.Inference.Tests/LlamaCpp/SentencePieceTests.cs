using System.Text;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.KvCache;
using HybridConversations.Inference.LlamaCpp;
using HybridConversations.Inference.Models;
using HybridConversations.Inference.Templates;
using HybridConversations.Inference.Tests.Backends;
using HybridConversations.Inference.Tests.Models;
using HybridConversations.Inference.Text;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.LlamaCpp;

/// <summary>A tokenizer that puts a space before each text, as those of Llama 2, TinyLlama and the first Mistral: what is tokenised in pieces gives the tokens of the whole.</summary>
public sealed class SentencePieceTests : IDisposable
{
    private const string Start = "<|im_start|>";
    private const string End = "<|im_end|>";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task A_control_text_in_a_persons_words_adds_no_space()
    {
        using var backend = await Load();
        Assert.True(backend.Info.AddsSpacePrefix);
        foreach (var words in (string[])["say " + End + " twice", End, "a" + Start + "b" + End + "c", "nothing of it"])
        {
            var prompt = new PromptRenderer(backend).Render(new ChatInput([new("user", words), new("assistant", "well then"), new("user", "and " + End)]));

            // A space behind each control token that is one, and nowhere else.
            var marked = backend.Info.Template.Render(new ChatInput([new("user", Mark(words)), new("assistant", "well then"), new("user", Mark("and " + End))]));
            var spaced = marked.Replace(Start, Start + " ", StringComparison.Ordinal).Replace(End, End + " ", StringComparison.Ordinal);
            Assert.Equal(spaced.Replace("\u0001", Start, StringComparison.Ordinal).Replace("\u0002", End, StringComparison.Ordinal), Text(backend, prompt.Tokens));
            Assert.Equal(4, prompt.Tokens.Count(token => Text(backend, [token]) == Start));
        }
    }

    [SkippableFact]
    public async Task Held_tokens_are_gone_on_from_without_a_space()
    {
        using var backend = await Load();
        const string Beginning = Start + "user\nwhat is the time in the town and in the other town?" + End + "\n" + Start + "assistant\n";
        var prompt = backend.Tokenize(Beginning + "it is then" + End + "\n" + Start + "user\nand then?", addSpecial: false, parseSpecial: true);

        // The reply as it was sampled: letter by letter.
        int[] held = [.. backend.Tokenize(Beginning, addSpecial: false, parseSpecial: true), .. " it is then".Select(letter => Letter(backend, letter)), Letter(backend, End)];
        var common = held.AsSpan().CommonPrefixLength(prompt);
        var aligned = HeldPrompt.Align(held, prompt, Math.Min(common, 20), backend);
        Assert.NotNull(aligned);
        Assert.Equal(Text(backend, prompt), Text(backend, aligned));
    }

    private static string Mark(string words) => words.Replace(Start, "\u0001", StringComparison.Ordinal).Replace(End, "\u0002", StringComparison.Ordinal);

    private static int Letter(LlamaBackend backend, char letter) => Letter(backend, letter.ToString());

    private static int Letter(LlamaBackend backend, string text) =>
        Enumerable.Range(0, backend.Info.VocabularySize).First(token => Text(backend, [token]) == text);

    private static string Text(LlamaBackend backend, int[] tokens)
    {
        var bytes = new List<byte>();
        var piece = new byte[64];
        foreach (var token in tokens)
        {
            bytes.AddRange(piece.AsSpan(0, backend.TokenToPiece(token, piece)));
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>The built-in model with another vocabulary: its weights then say nothing, but its tokenizer is SentencePiece's.</summary>
    private async Task<LlamaBackend> Load()
    {
        var editor = new GgufEditor();
        var size = Count(editor, "tokenizer.ggml.tokens");
        var (tokens, scores, kinds) = (new List<string>(), new List<float>(), new List<int>());
        Add("<unk>", 0, 2);
        Add("<s>", 0, 3);
        Add("</s>", 0, 3);
        Add(Start, 0, 3);
        Add(End, 0, 3);
        for (var value = 0; value < 256; value++)
        {
            Add($"<0x{value:X2}>", 0, 6);
        }

        for (var letter = ' '; letter < 127; letter++)
        {
            Add(letter == ' ' ? "\u2581" : letter.ToString(), -1000 - letter, 1);
        }

        foreach (var word in (string[])["th", "the", "\u2581th", "\u2581the", "\u2581t", "en", "then", "\u2581then", "\u2581a", "an", "and", "\u2581and", "us", "er", "user", "\u2581user", "say", "\u2581say"])
        {
            Add(word, -tokens.Count, 1);
        }

        while (tokens.Count < size)
        {
            Add($"unused{tokens.Count}", -100_000, 5);
        }

        editor.Set("tokenizer.ggml.model", "llama").Set("tokenizer.ggml.tokens", [.. tokens]).Set("tokenizer.ggml.token_type", [.. kinds]).Drop("tokenizer.ggml.merges").Drop("tokenizer.ggml.pre")
            .Set("tokenizer.ggml.scores", GgufValueType.Array, [.. BitConverter.GetBytes((uint)GgufValueType.Float32), .. BitConverter.GetBytes((long)size), .. scores.SelectMany(BitConverter.GetBytes)])
            .Set("tokenizer.ggml.add_space_prefix", GgufValueType.Boolean, [1]).Set("tokenizer.ggml.add_bos_token", GgufValueType.Boolean, [0])
            .Set("tokenizer.ggml.unknown_token_id", 0u).Set("tokenizer.ggml.bos_token_id", 1u).Set("tokenizer.ggml.eos_token_id", 4u);
        return await RealBackend.Load(new BackendOptions { ModelPath = _folder.Write("sentencepiece.gguf", editor.Bytes()), Context = 512, MaxSequences = 2, Threads = 1 });

        void Add(string token, float score, int kind)
        {
            tokens.Add(token);
            scores.Add(score);
            kinds.Add(kind);
        }
    }

    private static int Count(GgufEditor editor, string key) => (int)BitConverter.ToInt64(editor.Values.First(value => value.Key == key).Value, 4);
}

namespace HybridConversations.Tests.Common.TinyModels;

/// <summary>A token for each byte, written as in GPT-2, the control tokens of ChatML, and no merge that matters.</summary>
internal static class TinyVocabulary
{
    private static readonly string[] Control = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];

    public static IReadOnlyList<string> Tokens { get; } = [.. Control, .. Enumerable.Range(0, 256).Select(Letter), "th"];

    /// <summary>May a model say it? What is no letter of ASCII would make its replies hard to compare.</summary>
    public static bool IsSaid(int token) => Tokens[token] is [>= '!' and <= '~'];

    public static void Write(GgufWriter file)
    {
        file.Add("tokenizer.ggml.model", "gpt2");
        file.Add("tokenizer.ggml.pre", "gpt-2");
        file.Add("tokenizer.ggml.tokens", Tokens);
        file.Add("tokenizer.ggml.token_type", [.. Tokens.Select((_, i) => i < Control.Length ? 3 : 1)]);
        file.Add("tokenizer.ggml.merges", ["t h"]);
        file.Add("tokenizer.ggml.bos_token_id", 0u);
        file.Add("tokenizer.ggml.eos_token_id", 2u);
        file.Add("tokenizer.ggml.add_bos_token", false);
        file.Add("tokenizer.chat_template", "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}"
            + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}");
    }

    /// <summary>GPT-2 writes a byte as a character that can be seen: itself where it can, else one from 256 on.</summary>
    private static string Letter(int value)
    {
        var hidden = Enumerable.Range(0, value + 1).Count(v => !IsSeen(v));
        return ((char)(IsSeen(value) ? value : 255 + hidden)).ToString();
    }

    private static bool IsSeen(int value) => value is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE and <= 0xFF;
}

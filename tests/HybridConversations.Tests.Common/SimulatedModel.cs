using System.Text;

namespace HybridConversations.Tests.Common;

/// <summary>
/// The vocabulary and the "weights" of <see cref="SimulatedBackend"/>: one token per byte, three control tokens, and a next token that is a hash of all
/// cells before it. What a cell holds is, as in a real model, a hash of its token and of all that was in view when it was computed: one token that is wrong, missing
/// or misplaced anywhere changes everything after it, and so does a cell that was computed beside tokens which are gone by now.
/// </summary>
public static class SimulatedModel
{
    public const int MessageStart = 256;
    public const int MessageEnd = 257;
    public const int EndOfText = 258;
    public const int VocabularySize = 259;

    private const ulong Offset = 14695981039346656037;
    private static readonly string[] ControlTexts = ["<|im_start|>", "<|im_end|>", "<|endoftext|>"];

    /// <summary>Hash of an empty history.</summary>
    public static ulong EmptyHistory => Offset;

    /// <summary>What a cell holds once a token was computed at a position with this history in view.</summary>
    public static uint Value(ulong history, int token, int position) => (uint)(Mix(history, (uint)token, position) >> 32);

    /// <summary>Hash of a history that goes on with a cell of this value, which lies at a position now.</summary>
    public static ulong See(ulong history, uint value, int position) => Mix(history, value, position);

    /// <summary>Hash of a history that goes on with a token which is computed at a position.</summary>
    public static ulong Extend(ulong history, int token, int position) => See(history, Value(history, token, position), position);

    /// <summary>The likeliest token after a history: mostly letters, sometimes a space or a full stop, the end about once in 32.</summary>
    public static int Next(ulong history) => (int)(history >> 40 & 31) switch
    {
        0 => MessageEnd,
        >= 1 and <= 4 => ' ',
        5 => '.',
        var letter => 'a' + (letter - 6),
    };

    /// <summary>The likeliest token after these tokens at positions 0, 1, …</summary>
    public static int Next(IEnumerable<int> tokens)
    {
        var (history, position) = (EmptyHistory, 0);
        foreach (var token in tokens)
        {
            history = Extend(history, token, position++);
        }

        return Next(history);
    }

    /// <summary>The reply to a prompt, greedily, without its end token.</summary>
    public static string Reply(string prompt, int maxTokens) => Reply(Tokenize(prompt, parseSpecial: true), maxTokens);

    /// <summary>The reply to a prompt's tokens, greedily, without its end token.</summary>
    public static string Reply(IEnumerable<int> prompt, int maxTokens)
    {
        var (history, position) = (EmptyHistory, 0);
        foreach (var token in prompt)
        {
            history = Extend(history, token, position++);
        }

        var reply = new StringBuilder();
        while (reply.Length < maxTokens && Next(history) is var next && next != MessageEnd)
        {
            reply.Append((char)next);
            history = Extend(history, next, position++);
        }

        return reply.ToString();
    }

    private static ulong Mix(ulong history, uint value, int position)
    {
        var mixed = (history ^ ((ulong)value << 32 | (uint)position)) * 1099511628211;
        mixed ^= mixed >> 29;
        return mixed * 0x9E3779B97F4A7C15;
    }

    public static int[] Tokenize(string text, bool parseSpecial)
    {
        var tokens = new List<int>(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var control = parseSpecial ? Array.FindIndex(ControlTexts, word => text.AsSpan(at).StartsWith(word, StringComparison.Ordinal)) : -1;
            var end = control >= 0 ? at + ControlTexts[control].Length : at + (char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1);
            tokens.AddRange(control >= 0 ? [MessageStart + control] : Encoding.UTF8.GetBytes(text[at..end]).Select(b => (int)b));
            at = end;
        }

        return [.. tokens];
    }

    public static byte[] Piece(int token) => token < MessageStart ? [(byte)token] : Encoding.UTF8.GetBytes(ControlTexts[token - MessageStart]);

    /// <summary>Logits after a history: noise in [0, 1) by the same hash, and <paramref name="next"/> ten above it.</summary>
    public static void WriteLogits(ulong history, int next, Span<float> logits)
    {
        var state = history | 1;
        foreach (ref var logit in logits)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            logit = (state >> 40) / (float)(1 << 24);
        }

        logits[next] += 10;
    }
}

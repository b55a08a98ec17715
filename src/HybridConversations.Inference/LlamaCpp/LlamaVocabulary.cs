using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using HybridConversations.Inference.Models;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>A model's tokens. All pieces and kinds are read once, so that turning tokens into text never calls native code. Thread-safe.</summary>
internal sealed unsafe class LlamaVocabulary
{
    private const byte Control = 1;
    private const byte EndOfGeneration = 2;
    private const int StackBytes = 1024;

    // llama_vocab_type: pieces with scores (SentencePiece), and byte pairs.
    private const int SentencePiece = 1;
    private const int BytePairs = 2;

    private readonly LlamaSymbols _symbols;
    private readonly nint _vocabulary;
    private readonly byte[] _pieces;
    private readonly int[] _starts;
    private readonly byte[] _kinds;

    /// <exception cref="ModelFileException">llama.cpp would end the process while it tokenizes with this vocabulary, or cannot.</exception>
    public LlamaVocabulary(LlamaSymbols symbols, LlamaCalls calls, string path)
    {
        (_symbols, _vocabulary, Size) = (symbols, calls.Vocabulary, calls.Model.VocabularySize);
        Check(calls.Model, path);
        (_starts, _kinds) = (new int[Size + 1], new byte[Size]);
        var pieces = new ArrayBufferWriter<byte>(Size * 8);
        for (var token = 0; token < Size; token++)
        {
            pieces.Advance(NativePiece(calls, token, pieces));
            _starts[token + 1] = pieces.WrittenCount;
            _kinds[token] = (byte)((calls.IsControl(token) ? Control : 0) | (calls.IsEndOfGeneration(token) ? EndOfGeneration : 0));
        }

        _pieces = pieces.WrittenSpan.ToArray();
        AddsSpacePrefix = Tokenize("a", addSpecial: false, parseSpecial: false) is [var head, ..] && Piece(head).StartsWith((byte)' ');
    }

    /// <summary>Number of tokens.</summary>
    public int Size { get; }

    /// <summary>Does a text get a space in front?</summary>
    public bool AddsSpacePrefix { get; }

    /// <summary>Text of a token; empty for none.</summary>
    public string Text(int? token) => token is { } given && (uint)given < (uint)Size ? Encoding.UTF8.GetString(Piece(given)) : "";

    public bool IsControl(int token) => (uint)token < (uint)Size && (_kinds[token] & Control) != 0;

    public bool IsEndOfGeneration(int token) => (uint)token < (uint)Size && (_kinds[token] & EndOfGeneration) != 0;

    /// <summary>The UTF-8 bytes of a token.</summary>
    public ReadOnlySpan<byte> Piece(int token) => (uint)token < (uint)Size ? _pieces.AsSpan(_starts[token].._starts[token + 1])
        : throw new ArgumentOutOfRangeException(nameof(token), token, $"Tokens are 0 to {Size - 1}.");

    public int[] Tokenize(string text, bool addSpecial, bool parseSpecial)
    {
        var limit = Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = limit > StackBytes ? ArrayPool<byte>.Shared.Rent(limit) : null;
        var bytes = rented ?? stackalloc byte[StackBytes];
        var length = Encoding.UTF8.GetBytes(text, bytes);

        // A byte becomes at most one token, and a model adds a handful at the ends; the sizes are compared again below.
        var tokens = ArrayPool<int>.Shared.Rent(length + 16);
        try
        {
            var count = Tokenize(bytes[..length], tokens, addSpecial, parseSpecial);
            if (count < 0)
            {
                ArrayPool<int>.Shared.Return(tokens);
                tokens = ArrayPool<int>.Shared.Rent(-count);
                count = Tokenize(bytes[..length], tokens, addSpecial, parseSpecial);
            }

            return count >= 0 ? tokens.AsSpan(0, count).ToArray() : throw new InvalidOperationException($"llama_tokenize failed on {length} bytes of text.");
        }
        finally
        {
            ArrayPool<int>.Shared.Return(tokens);
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private void Check(LlamaModelFacts model, string path)
    {
        var type = model.VocabularyType;
        if (type is not (SentencePiece or BytePairs))
        {
            throw new ModelFileException(path, $"its tokenizer (llama.cpp's type {type}) is not one of the two that chat models use, byte pairs and SentencePiece. Choose another model.");
        }

        // Added to every prompt without a look at whether they exist.
        foreach (var (added, name) in ((int?, string)[])[(model.Begin, "begins"), (model.End, "ends")])
        {
            if (added is { } token && (uint)token >= (uint)Size)
            {
                throw new ModelFileException(path, $"the token that {name} its prompts is {token}, and its tokens are 0 to {Size - 1}. The file is damaged: download it again and compare its SHA-256.");
            }
        }

        // What SentencePiece finds no piece for is spelled in bytes; llama.cpp ends the process where a byte has no token.
        if (type == SentencePiece && MissingBytes() is { Count: > 0 } missing)
        {
            throw new ModelFileException(path, $"its vocabulary has no token for {missing.Count} of the 256 bytes, the first is 0x{missing.Min:X2}. The file is damaged: download it again and compare its SHA-256.");
        }
    }

    private SortedSet<int> MissingBytes()
    {
        var missing = new SortedSet<int>(Enumerable.Range(0, 256));
        for (var token = 0; token < Size; token++)
        {
            var text = _symbols.TokenText(_vocabulary, token);
            var bytes = text is null ? default : MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text);
            if (bytes.Length == 1)
            {
                missing.Remove(bytes[0]);
            }
            else if (bytes.Length == 6 && bytes.StartsWith("<0x"u8) && bytes[5] == '>' && bytes[3..5].IndexOfAnyInRange((byte)'a', (byte)'f') < 0
                && int.TryParse(bytes[3..5], System.Globalization.NumberStyles.AllowHexSpecifier, null, out var value))
            {
                missing.Remove(value);
            }
        }

        return missing;
    }

    private int Tokenize(ReadOnlySpan<byte> text, int[] tokens, bool addSpecial, bool parseSpecial)
    {
        // A span of nothing has no address, and llama.cpp makes a string of what it gets.
        fixed (byte* pointer = text.IsEmpty ? "\0"u8 : text)
        fixed (int* target = tokens)
        {
            return _symbols.Tokenize(_vocabulary, pointer, text.Length, target, tokens.Length, addSpecial ? (byte)1 : (byte)0, parseSpecial ? (byte)1 : (byte)0);
        }
    }

    private static int NativePiece(LlamaCalls calls, int token, ArrayBufferWriter<byte> pieces)
    {
        for (var size = 64; ; size = Math.Max(size * 2, 1024))
        {
            var span = pieces.GetSpan(size);
            var length = calls.Piece(token, span);
            if (length >= 0)
            {
                return length;
            }

            if (-length <= span.Length)
            {
                return 0; // no text at all, as unused tokens of some models
            }

            size = -length;
        }
    }
}

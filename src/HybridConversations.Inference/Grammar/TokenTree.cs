using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.Grammar;

/// <summary>
/// A model's tokens as a tree of their bytes, laid out depth first: whatever cannot begin a text is passed over with all that begins with it. Control tokens and those without
/// text are no part of it. Immutable; about 12 bytes for each node and each token.
/// </summary>
internal sealed class TokenTree
{
    private const int None = -1;
    private readonly byte[] _bytes;
    private readonly int[] _starts;
    private readonly bool[] _ends;
    private readonly int[] _same;
    private byte[] _values;
    private ushort[] _depths;
    private int[] _after;
    private int[] _tokens;

    /// <param name="backend">Its tokenizer is read, which any thread may do.</param>
    public TokenTree(IModelBackend backend)
    {
        var size = backend.Info.VocabularySize;
        (_starts, _ends, _same) = (new int[size + 1], new bool[size], new int[size]);
        _bytes = Read(backend);
        Array.Fill(_same, None);
        int[] order = [.. Enumerable.Range(0, size).Where(t => Piece(t).Length is > 0 and <= ushort.MaxValue)];
        Outside = [.. Enumerable.Range(0, size).Except(order)];
        order.AsSpan().Sort((a, b) => Piece(a).SequenceCompareTo(Piece(b)) is not 0 and var by ? by : a.CompareTo(b));
        (_values, _depths, _after, _tokens) = ([], [], [], []);
        Build(order);
    }

    /// <summary>Tokens that are not in the tree: control tokens and those without text.</summary>
    public int[] Outside { get; }

    /// <summary>Tokens of the model.</summary>
    public int Size => _ends.Length;

    /// <summary>Nodes; they are numbered in depth-first order.</summary>
    public int Nodes => _values.Length;

    /// <summary>Bytes of the longest token.</summary>
    public int MaxDepth { get; private set; }

    /// <summary>The bytes of a token that stands for text; empty for others.</summary>
    public ReadOnlySpan<byte> Piece(int token) => _bytes.AsSpan(_starts[token].._starts[token + 1]);

    public bool IsEnd(int token) => _ends[token];

    /// <summary>Tokens that end the model's turn.</summary>
    public ReadOnlySpan<bool> Ends => _ends;

    /// <summary>The last byte on the way to a node.</summary>
    public byte Value(int node) => _values[node];

    /// <summary>Bytes on the way to a node, from 1.</summary>
    public int Depth(int node) => _depths[node];

    /// <summary>The next node that does not begin as this one does.</summary>
    public int After(int node) => _after[node];

    /// <summary>The first token with just these bytes; −1 for none.</summary>
    public int Token(int node) => _tokens[node];

    /// <summary>Another token with the same bytes; −1 for none.</summary>
    public int Same(int token) => _same[token];

    private byte[] Read(IModelBackend backend)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>(8 * _ends.Length);
        for (var token = 0; token < _ends.Length; token++)
        {
            _ends[token] = backend.IsEndOfGeneration(token);
            if (!_ends[token] && !backend.IsControl(token))
            {
                var length = backend.TokenToPiece(token, bytes.GetSpan(256));
                bytes.Advance(length >= 0 ? length : backend.TokenToPiece(token, bytes.GetSpan(-length)));
            }

            _starts[token + 1] = bytes.WrittenCount;
        }

        return bytes.WrittenSpan.ToArray();
    }

    private void Build(int[] order)
    {
        var (values, depths, tokens) = (new List<byte>(_bytes.Length), new List<ushort>(_bytes.Length), new List<int>(_bytes.Length));
        var before = ReadOnlySpan<byte>.Empty;
        var last = None;
        foreach (var token in order)
        {
            var piece = Piece(token);
            var common = piece.CommonPrefixLength(before);
            if (common == piece.Length)
            {
                _same[last] = token; // the same bytes as the one before
            }
            else
            {
                for (var depth = common; depth < piece.Length; depth++)
                {
                    values.Add(piece[depth]);
                    depths.Add((ushort)(depth + 1));
                    tokens.Add(depth == piece.Length - 1 ? token : None);
                }

                MaxDepth = Math.Max(MaxDepth, piece.Length);
            }

            before = piece;
            last = token;
        }

        (_values, _depths, _tokens, _after) = ([.. values], [.. depths], [.. tokens], new int[values.Count]);
        // From the end: the nearest node behind it that is not deeper.
        var behind = new Stack<int>();
        for (var node = values.Count - 1; node >= 0; node--)
        {
            while (behind.TryPeek(out var next) && _depths[next] > _depths[node])
            {
                behind.Pop();
            }

            _after[node] = behind.TryPeek(out var after) ? after : values.Count;
            behind.Push(node);
        }
    }
}

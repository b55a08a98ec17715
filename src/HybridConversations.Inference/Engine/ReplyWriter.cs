using System.Numerics.Tensors;
using System.Text;
using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.Engine;

/// <summary>Turns sampled tokens into the reply's bytes: pieces, stop strings, log probabilities. Belongs to the engine's thread.</summary>
internal sealed class ReplyWriter(IModelBackend backend)
{
    private readonly byte[] _piece = new byte[1024];
    private readonly float[] _probabilities = new float[backend.Info.VocabularySize];

    /// <summary>Hands a token's text out. True when a stop string ended the reply.</summary>
    public bool Write(Sequence sequence, int token, ReadOnlySpan<float> logits)
    {
        var length = backend.IsControl(token) && sequence.Request.Marks?.Contains(token) != true ? 0 : Math.Max(0, backend.TokenToPiece(token, _piece));
        var piece = _piece.AsSpan(0, length);
        var logProb = sequence.Sampler.Parameters.TopLogProbs >= 0 ? LogProb(token, logits, sequence.Sampler.Parameters.TopLogProbs) : null;
        if (sequence.Stops is null)
        {
            sequence.Generation.Output.Write(piece, logProb);
            return false;
        }

        var match = sequence.Stops.Push(piece);
        sequence.Generation.Output.Write(match.Text, logProb);
        return match.Stopped;
    }

    /// <summary>Hands out what was held back because a stop string might have begun.</summary>
    public static void Flush(Sequence sequence)
    {
        if (sequence.Stops is { } stops)
        {
            sequence.Generation.Output.Write(stops.Flush().Text);
        }
    }

    private TokenLogProb LogProb(int token, ReadOnlySpan<float> logits, int top)
    {
        var best = TensorPrimitives.Max(logits);
        TensorPrimitives.Subtract(logits, best, _probabilities);
        TensorPrimitives.Exp(_probabilities, _probabilities);
        var logSum = best + MathF.Log(TensorPrimitives.Sum<float>(_probabilities));
        var alternatives = new List<TokenAlternative>(top);
        for (var i = 0; i < top; i++)
        {
            var at = TensorPrimitives.IndexOfMax<float>(_probabilities);
            alternatives.Add(new TokenAlternative(TextOf(at, out var other), logits[at] - logSum) { Bytes = other });
            _probabilities[at] = -1;
        }

        return new TokenLogProb(TextOf(token, out var bytes), logits[token] - logSum, alternatives) { Bytes = bytes };
    }

    private string TextOf(int token, out byte[] bytes)
    {
        Span<byte> piece = stackalloc byte[512];
        bytes = piece[..Math.Max(0, backend.TokenToPiece(token, piece))].ToArray();
        return Encoding.UTF8.GetString(bytes);
    }
}

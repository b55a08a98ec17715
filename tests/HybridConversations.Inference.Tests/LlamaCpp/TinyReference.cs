using System.Numerics.Tensors;
using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.Tests.LlamaCpp;

/// <summary>What a model says when it reads a prompt alone and from the beginning, with nothing but a backend.</summary>
internal sealed class TinyReference(IModelBackend backend) : IDisposable
{
    /// <summary>Of a reply.</summary>
    public const int Tokens = 24;

    /// <summary>Batches of another width round otherwise; a token that differs from the history's moves log probabilities by one and more.</summary>
    private const double Rounding = 0.25;
    private readonly TokenBatch _batch = new(backend.Info.BatchSize);

    public void Dispose() => backend.Dispose();

    /// <summary>Are these the most likely tokens after the prompt, with their probabilities? Where two are as likely as each other it may have gone on with either.</summary>
    public bool IsReply(string prompt, IReadOnlyList<TokenLogProb> reply, out List<TokenLogProb> expected)
    {
        expected = [];
        backend.RemoveRange(0, -1, -1);
        var (tokens, position) = (backend.Tokenize(prompt, addSpecial: false, parseSpecial: true), 0);
        var logits = Read(tokens, ref position);
        for (var i = 0; i < Math.Min(Tokens, reply.Count); i++)
        {
            var logSum = LogSum(logits);
            var best = TensorPrimitives.IndexOfMax(logits);
            var said = backend.Tokenize(reply[i].Token, addSpecial: false, parseSpecial: false).Single();
            expected.Add(new TokenLogProb(Text(best), logits[best] - logSum, []));
            if (Math.Abs(logits[said] - logSum - reply[i].LogProb) > Rounding || logits[best] - logits[said] > Rounding)
            {
                return false;
            }

            logits = Read([said], ref position);
        }

        return reply.Count == Tokens;
    }

    private float[] Read(ReadOnlySpan<int> tokens, ref int position)
    {
        for (var at = 0; at < tokens.Length; at += _batch.Capacity)
        {
            _batch.Clear();
            foreach (var token in tokens[at..Math.Min(tokens.Length, at + _batch.Capacity)])
            {
                _batch.Add(token, position++, 0, wantsLogits: at + _batch.Count == tokens.Length - 1);
            }

            Assert.Equal(DecodeStatus.Ok, backend.Decode(_batch));
        }

        return backend.Logits(_batch.Count - 1).ToArray();
    }

    private string Text(int token)
    {
        Span<byte> piece = stackalloc byte[64];
        return global::System.Text.Encoding.UTF8.GetString(piece[..backend.TokenToPiece(token, piece)]);
    }

    private static double LogSum(float[] logits)
    {
        var best = TensorPrimitives.Max(logits);
        return best + Math.Log(logits.Sum(logit => Math.Exp(logit - best)));
    }
}

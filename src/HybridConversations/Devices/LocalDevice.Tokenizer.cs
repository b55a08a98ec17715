using System.Buffers;
using System.Text;

namespace HybridConversations.Devices;

/// <summary>The model's tokens, for those who ask.</summary>
public sealed partial class LocalDevice
{
    /// <inheritdoc/>
    public string? ChatTemplate => _engine.Backend.Info.Template.Source;

    /// <inheritdoc/>
    public IReadOnlyList<int> Tokenize(string text, bool begin, bool parseControl) => _engine.Backend.Tokenize(text, begin, parseControl);

    /// <inheritdoc/>
    public string Detokenize(IReadOnlyList<int> tokens)
    {
        var backend = _engine.Backend;
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var token in tokens)
        {
            if (token < 0 || token >= backend.Info.VocabularySize)
            {
                throw new ProblemException(ProblemCodes.InvalidRequest($"There is no token {token}: this model has {backend.Info.VocabularySize}, from 0."));
            }

            var length = backend.TokenToPiece(token, bytes.GetSpan(64));
            bytes.Advance(length >= 0 ? length : backend.TokenToPiece(token, bytes.GetSpan(-length)));
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}

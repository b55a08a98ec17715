using System.Text;

namespace HybridConversations.Bench.Prompts;

/// <summary>
/// Makes prompts of a wanted number of tokens out of common words, without a tokenizer. The same seed and key give the same words, so that both servers
/// get the same prompts; every prompt opens with words drawn from the nonce, so that no prefix cache that an earlier benchmark filled can hold it.
/// </summary>
internal sealed class PromptMaker(PromptScale scale, int seed, string nonce)
{
    private const int OpenerWords = 5;
    private const int SentenceWords = 12;

    /// <summary>A conversation's beginning of about <paramref name="tokens"/> tokens, template included.</summary>
    /// <param name="tokens">Tokens of the rendered prompt.</param>
    /// <param name="key">Names the prompt: another key, another prompt, different from its first words on.</param>
    public ChatPrompt Chat(int tokens, string key) => ChatOfWords(scale.WordsOfPrompt(tokens), key);

    /// <summary>The same of exactly so many words besides the system message.</summary>
    public ChatPrompt ChatOfWords(int words, string key) => new(System(key), Words(words, key));

    /// <summary>A short system message that no other key has.</summary>
    public string System(string key) => $"{Words(OpenerWords, $"{nonce}/{key}")} Go on with this text, plainly.";

    /// <summary>A text of about <paramref name="tokens"/> tokens.</summary>
    public string Text(int tokens, string key) => Words(scale.WordsOfText(tokens), key);

    /// <summary>A system message of about <paramref name="tokens"/> tokens that no other key has.</summary>
    public string LongSystem(int tokens, string key) => Words(scale.WordsOfText(tokens), $"{nonce}/{key}");

    private string Words(int count, string key)
    {
        var random = NamedSeed.Of(seed, key);
        var text = new StringBuilder();
        for (var index = 0; index < count; index++)
        {
            var word = CommonWords.Words[random.Next(CommonWords.Words.Count)];
            text.Append(index == 0 ? "" : " ").Append(word);
            if (index == count - 1 || (index + 1) % SentenceWords == 0)
            {
                text.Append('.');
            }
        }

        return text.ToString();
    }
}

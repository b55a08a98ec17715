using System.Text;

namespace HybridConversations.Http.OpenAi;

/// <summary>Log probabilities of the tokens of a piece, or of the whole answer.</summary>
internal sealed record ChatLogProbs(IReadOnlyList<ChatTokenLogProb> Content)
{
    public static ChatLogProbs? Of(IReadOnlyList<TokenLogProb>? tokens) => tokens is null ? null : new ChatLogProbs([.. tokens.Select(ChatTokenLogProb.Of)]);
}

internal sealed record ChatTokenLogProb(string Token, double Logprob, int[] Bytes, IReadOnlyList<ChatTopLogProb> TopLogprobs)
{
    public static ChatTokenLogProb Of(TokenLogProb token) => new(
        token.Token, token.LogProb, ToBytes(token.Token, token.Bytes), [.. token.Top.Select(top => new ChatTopLogProb(top.Token, top.LogProb, ToBytes(top.Token, top.Bytes)))]);

    private static int[] ToBytes(string token, byte[]? bytes) => [.. (bytes ?? Encoding.UTF8.GetBytes(token)).Select(value => (int)value)];
}

internal sealed record ChatTopLogProb(string Token, double Logprob, int[] Bytes);

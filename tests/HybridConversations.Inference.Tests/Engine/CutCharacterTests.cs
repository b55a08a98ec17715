using System.Text;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.Text;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.Engine;

/// <summary>A token need be no whole character.</summary>
public sealed class CutCharacterTests
{
    [Theory]
    [InlineData(5, "ab€")]
    [InlineData(4, "ab")]
    [InlineData(3, "ab")]
    [InlineData(2, "ab")]
    public async Task A_reply_that_is_cut_inside_a_character_ends_before_it(int tokens, string text)
    {
        var bytes = Encoding.UTF8.GetBytes("ab€");
        var driver = new CoreDriver(new() { Next = held => bytes[(held.Count - 4) % bytes.Length] });
        var request = new GenerationRequest
        {
            Prompt = new Prompt(SimulatedModel.Tokenize("say:", parseSpecial: false)),
            MaxTokens = tokens,
            Sampling = CoreDriver.Greedy with { TopLogProbs = 1 },
        };
        var generation = new Generation(request, driver.Clock.GetTimestamp(), () => { });
        driver.Core.Accept(new Sequence(generation, [SimulatedModel.MessageEnd], driver.Backend));
        driver.RunToEnd();

        var (said, probabilities) = (new StringBuilder(), new List<TokenLogProb>());
        await foreach (var piece in generation.ReadAsync())
        {
            said.Append(piece.Text);
            probabilities.AddRange(piece.LogProbs ?? []);
        }

        Assert.Equal(text, said.ToString());
        Assert.Equal(tokens, (await generation.Completion).Usage.CompletionTokens);
        Assert.Equal(bytes[..tokens].Select(value => value.ToString()), probabilities.Select(token => Assert.Single(token.Bytes!).ToString()));
    }
}

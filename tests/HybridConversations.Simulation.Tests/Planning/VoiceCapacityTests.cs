using HybridConversations.Simulation.Planning;

namespace HybridConversations.Simulation.Tests.Planning;

public sealed class VoiceCapacityTests
{
    [Fact]
    public void StreamsAreCountedUpToTheBudget()
    {
        var voices = VoiceCapacity.Of(streams => new Estimate(300 * streams, 200 * streams, 700 * streams), new PlanOptions { BudgetSeconds = 2, PauseSeconds = 10 });

        Assert.Equal((6, 2, 10), (voices.Streams, voices.StreamsLow, voices.StreamsHigh));
        Assert.True(voices.Voices > voices.Streams);
    }

    [Fact]
    public void NobodyIsKeptWhereOneAnswerAloneIsTooSlow() =>
        Assert.Equal(0, VoiceCapacity.Of(streams => new Estimate(2500 * streams, 2400, 2600), new PlanOptions()).Voices);

    /// <summary>Counted by hand: of 3 people who are answered half of the time at most 2 are with probability 7/8, of 2 always.</summary>
    [Fact]
    public void TheGroupIsTheLargestThatKeepsTheBudgetNineteenTimesOfTwenty()
    {
        Assert.Equal(2, VoiceCapacity.VoicesFor(2, 0.5));
        Assert.Equal(3, VoiceCapacity.VoicesFor(2, 0.3)); // 1 − 0.027 for 3, 0.9163 for 4
    }
}

using HybridConversations.Simulation.Catalogue;
using HybridConversations.Simulation.Planning;

namespace HybridConversations.Simulation.Tests.Planning;

public sealed class ClaimTests
{
    [Theory]
    [InlineData("qwen2.5-7b-q3_k_m", 23.5, ClaimVerdict.OtherKernels)]
    [InlineData("qwen2.5-7b-q3_k_m", 9.7, ClaimVerdict.Plausible)]
    [InlineData("llama-3.2-3b-q4_k_m", 27.2, ClaimVerdict.Plausible)]
    [InlineData("llama-3.2-3b-q4_k_m", 13.55, ClaimVerdict.Slow)]
    [InlineData("llama-3.2-3b-q4_k_m", 48, ClaimVerdict.Doubtful)]
    [InlineData("llama-3.2-3b-q4_k_m", 60, ClaimVerdict.Impossible)]
    public void AClaimIsJudgedByTheRoofAndByWhatWasMeasured(string model, double tokensPerSecond, ClaimVerdict verdict) =>
        Assert.Equal(verdict, Claim.Of(Setup(model), tokensPerSecond, DecodeModel.Default, DeviceCatalogue.Default.Figures).Verdict);

    [Fact]
    public void TheBusOfTheSevenBillionModelWasNotSaturated()
    {
        var answer = Claim.Saturation(Setup("qwen2.5-7b-q3_k_m"), 9.7, 0.95);

        Assert.StartsWith("No: 9.7 tok/s take 34 % of the bandwidth, not 95 %", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void ATrueSaturationIsConfirmed() => Assert.StartsWith("Yes", Claim.Saturation(Setup("qwen2.5-7b-q3_k_m"), 26, 0.95), StringComparison.Ordinal);

    private static Setup Setup(string model)
    {
        var (spec, quantisation) = DeviceCatalogue.Default.Model(model);
        return new Setup(DeviceCatalogue.Default.Device("orin-nx-16gb"), spec, quantisation, "llama.cpp");
    }
}

using System.Xml.Linq;
using HybridConversations.Simulation.Catalogue;
using HybridConversations.Simulation.Planning;

namespace HybridConversations.Simulation.Tests.Planning;

public sealed class PlannerTests
{
    /// <summary>The mission's measured seconds; it does not say what it counts besides the tokens.</summary>
    [Theory]
    [InlineData("llama-3.2-3b-q4_k_m", 30, 1.1, true)]
    [InlineData("llama-3.2-3b-q4_k_m", 50, 1.8, true)]
    [InlineData("llama-3.2-3b-q4_k_m", 100, 3.7, false)]
    [InlineData("qwen2.5-7b-q3_k_m", 30, 3.1, false)]
    [InlineData("qwen2.5-7b-q3_k_m", 50, 5.2, false)]
    [InlineData("qwen2.5-7b-q3_k_m", 100, 10.3, false)]
    public void TheMissionsTableComesOut(string model, int tokens, double seconds, bool keepsBudget)
    {
        var answer = Plan("orin-nx-16gb", model, new PlanOptions { ContextTokens = 100 }).Answers.Single(answer => answer.Tokens == tokens);

        Assert.InRange(answer.Seconds.Value, seconds * 0.85, seconds * 1.15);
        Assert.Equal(keepsBudget, answer.KeepsBudget);
    }

    [Fact]
    public void ASevenBillionModelOnAnOrinNxKeepsNoVoice()
    {
        Assert.Equal(0, Plan("orin-nx-16gb", "qwen2.5-7b-q3_k_m").Voices.Streams);
        Assert.True(Plan("orin-nx-16gb", "llama-3.2-3b-q4_k_m", new PlanOptions { ContextTokens = 100 }).Voices.Streams >= 1);
    }

    [Fact]
    public void KvMemoryFollowsFromTheModelsShape()
    {
        var memory = Plan("orin-nx-16gb", "llama-3.2-3b-q4_k_m").Memory;

        Assert.Equal(2 * 28 * 8 * 128 * 2, memory.KvBytesPerToken);
        Assert.True(memory.Fits);
        Assert.Equal((int)(memory.KvGib * (1L << 30) / (memory.KvBytesPerToken * 1000)), memory.Resident);
        Assert.Equal(memory.Resident * 2, Plan("orin-nx-16gb", "llama-3.2-3b-q4_k_m", new PlanOptions { KvBytesPerNumber = 1 }).Memory.Resident, 1.0);
    }

    [Fact]
    public void AModelThatDoesNotFitSaysSo()
    {
        var plan = Plan("orin-nano-super-8gb", "llama-2-13b-q4_k_m");
        var text = new StringWriter();

        PlanReport.Write(plan, text);

        Assert.False(plan.Memory.Fits);
        Assert.Contains("DOES NOT FIT", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TheCloudsShareIsTheRoutersOwnCalibrationAndCostsWhatItsTokensCost()
    {
        var dear = new CloudUse { HardShare = 0.5, PromptTokens = 1000, AnswerTokens = 1000, InputPrice = 1, OutputPrice = 2 };

        var plan = Plan("orin-nx-16gb", "llama-3.2-3b-q4_k_m", new PlanOptions { Cloud = dear });

        Assert.Equal(Routing.RouterCalibration.Default.ShareAt(dear.Threshold, 0.5), plan.Cloud.Share);
        Assert.Equal(1000 * plan.Cloud.Share * 0.003, plan.Cloud.CostPerThousandTurns, 9);
    }

    [Fact]
    public void ThePlotIsAnSvg()
    {
        var svg = XDocument.Parse(PlanPlot.Render(Plan("orin-nx-16gb", "llama-3.2-3b-q4_k_m")));

        Assert.Equal("svg", svg.Root!.Name.LocalName);
        Assert.Equal(2, svg.Descendants().Count(e => e.Name.LocalName == "polyline"));
        Assert.DoesNotContain("NaN", svg.ToString(), StringComparison.Ordinal);
    }

    private static DevicePlan Plan(string device, string model, PlanOptions? options = null)
    {
        var (spec, quantisation) = DeviceCatalogue.Default.Model(model);
        return Planner.Default.Plan(DeviceCatalogue.Default.Device(device), spec, quantisation, options ?? new PlanOptions());
    }
}

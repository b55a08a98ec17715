using HybridConversations.Tests.Common;

namespace HybridConversations.Cli.Tests.Commands;

public sealed class PlanCommandTests
{
    [Fact]
    public async Task A_device_and_a_model_get_a_plan_with_intervals()
    {
        var run = await HcProcess.Run("plan --device orin-nx-16gb --model llama-3.2-3b-q4_k_m".Split(' '));

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Matches(@"64 tokens held +2\d\.\d \(\d+\.\d–\d+\.\d\) tok/s", run.Output);
        Assert.All(["No software exceeds", "First token", "Voices within 2 s", "KV of a conversation", "To the cloud", "Power"], words => Assert.Contains(words, run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_claim_is_judged_with_its_reason()
    {
        var run = await HcProcess.Run("plan --device orin-nx-16gb --model qwen2.5-7b-q3_k_m --claim 9.7 --saturated 0.95".Split(' '));

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Claim: Plausible.", run.Output, StringComparison.Ordinal);
        Assert.Contains("Saturated? No: 9.7 tok/s take 34 % of the bandwidth, not 95 %", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_file_is_planned_by_its_own_shape_and_drawn()
    {
        var plot = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".svg");
        var run = await HcProcess.Run("plan", "--device", "orin-nano-super-8gb", "--model", RepositoryFiles.DemoModel, "--plot", plot);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.StartsWith("<svg", await File.ReadAllTextAsync(plot), StringComparison.Ordinal);
        File.Delete(plot);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once_with_what_there_is()
    {
        var run = await HcProcess.Run("plan --device orin-nz --model llama-3.2-3b-q9 --engine tgi --budget-seconds soon".Split(' '));

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Equal(4, run.ErrorLines.Length);
        Assert.Contains("hc: --engine: 'tgi' is not allowed; allowed: llama.cpp, mlc, tensorrt-llm, vllm.", run.ErrorLines);
        Assert.Contains(run.ErrorLines, line => line.Contains("orin-nx-16gb@maxn-super", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_list_names_a_source_for_every_figure()
    {
        var run = await HcProcess.Run("plan", "--list");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("27.2 tok/s (the mission)", run.Output, StringComparison.Ordinal);
    }
}

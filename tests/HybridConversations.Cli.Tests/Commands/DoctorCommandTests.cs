namespace HybridConversations.Cli.Tests.Commands;

public sealed class DoctorCommandTests
{
    [Fact]
    public async Task It_tells_what_is_here()
    {
        var data = Directory.CreateTempSubdirectory("hc-doctor-").FullName;
        var run = await HcProcess.Run("doctor", "--data", data, "--urls", "http://127.0.0.1:0");
        foreach (var subject in new[] { "system", ".NET", "memory", "board", "backend", "model", "data folder", "address", "redis", "settings" })
        {
            Assert.Contains($" {subject,-12} ", run.Output);
        }

        Assert.Contains("Pip demo", run.Output);
        Assert.Contains(data, run.Output);
        Assert.DoesNotContain('\u001b', run.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(data));
        Directory.Delete(data);
    }

    [Fact]
    public async Task What_is_missing_gets_advice_and_exit_code_1()
    {
        var run = await HcProcess.Run(["doctor", "--model", "/nowhere.gguf", "--data", "/dev/null/data"], "", new() { ["HC_BATCH"] = "x", ["HC_LLAMA_LIB"] = "/nowhere" }, folder: null);
        Assert.Equal((1, ""), (run.ExitCode, run.Errors));
        Assert.Contains("missing backend", run.Output);
        Assert.Contains("missing model", run.Output);
        Assert.Contains("HC_BATCH", run.Output);
        Assert.Contains("→", run.Output);
        Assert.Contains("essential things are missing", run.Output);
    }
}

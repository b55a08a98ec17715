namespace HybridConversations.Cli.Tests.Commands;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--help", "chat serve models route bench doctor")]
    [InlineData("chat --help", "--conversation --once --url --model --system --data --temperature --top-p --top-k --min-p --max-tokens --seed --context --threads")]
    [InlineData("serve --help", "--urls --model --data --context --parallel --threads --gpu-layers --flash-attention --kv-type --batch --micro-batch --mlock --mmap --open-turns")]
    [InlineData("models --help", "list info pull")]
    [InlineData("route --help", "TEXT --file --threshold")]
    [InlineData("plan --help", "--device --model --engine --claim --measure --plot --budget-seconds")]
    [InlineData("doctor --help", "doctor")]
    public async Task Help_tells_what_there_is(string arguments, string words)
    {
        var run = await HcProcess.Run(arguments.Split(' '));
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.All(words.Split(' '), word => Assert.Contains(word, run.Output));
    }

    [Fact]
    public async Task The_version_is_told()
    {
        var run = await HcProcess.Run("--version");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+", run.Output);
    }

    [Theory]
    [InlineData("serve --contxt 5", "hc serve: Unrecognized command or argument '--contxt'. See: hc serve --help")]
    [InlineData("serve --context", "hc serve: Required argument missing for option: '--context'. See: hc serve --help")]
    [InlineData("serve --context 1 --context 2", "hc serve: Option '--context' expects a single argument but 2 were provided. See: hc serve --help")]
    [InlineData("talk", "hc: Unrecognized command or argument 'talk'. See: hc --help")]
    [InlineData("--onze hi", "hc chat: Unrecognized command or argument '--onze'. See: hc chat --help")]
    [InlineData("serve --context 5", "hc: --context: '5' is not allowed; allowed: 0 (chosen for the model) or 256 to 4194304; default: 0.")]
    [InlineData("chat --model hc.dll", "not a GGUF file")]
    [InlineData("chat --model /nowhere/model.gguf", "hc: --model: There is no model '/nowhere/model.gguf'")]
    [InlineData("chat --url http://127.0.0.1:1 --threads 2", "hc: --threads: has no effect with --url")]
    public async Task What_is_wrong_gets_one_clear_line_and_exit_code_2(string arguments, string line)
    {
        var run = await HcProcess.Run(arguments.Split(' '));
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(line, Assert.Single(run.ErrorLines));
    }

    [Fact]
    public async Task Wrong_settings_get_a_line_each_from_wherever_they_come()
    {
        var folder = Directory.CreateTempSubdirectory("hc-cli-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "appsettings.json"), """{"hc":{"parallel":0}}""");
        var run = await HcProcess.Run(["serve", "--kv-type", "q4", "--mlock"], "", new() { ["HC_BATCH"] = "lots", ["HC_MMAP"] = "maybe" }, folder);
        Directory.Delete(folder, recursive: true);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(4, run.ErrorLines.Length);
        Assert.Contains(run.ErrorLines, line => line.StartsWith("hc: --kv-type: 'q4'", StringComparison.Ordinal));
        Assert.Contains(run.ErrorLines, line => line.StartsWith("hc: HC_BATCH: 'lots'", StringComparison.Ordinal));
        Assert.Contains(run.ErrorLines, line => line.StartsWith("hc: HC_MMAP: 'maybe'", StringComparison.Ordinal));
        Assert.Contains(run.ErrorLines, line => line.StartsWith("hc: \"hc\".\"parallel\" in ", StringComparison.Ordinal));
    }
}

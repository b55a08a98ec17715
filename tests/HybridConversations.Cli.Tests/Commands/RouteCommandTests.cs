using System.Text.Json;

namespace HybridConversations.Cli.Tests.Commands;

public sealed class RouteCommandTests
{
    [Fact]
    public async Task A_text_gets_its_target_score_reason_and_the_words_that_made_it()
    {
        var run = await HcProcess.Run("route um write me a script that renames my photos by date".Split(' '));

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        var lines = run.Output.Split('\n');
        Assert.Matches(@"^cloud  0\.\d\d  by classifier$", lines[0]);
        Assert.Contains("threshold 0.25", lines[1], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.EndsWith("  script", StringComparison.Ordinal) && line.Contains('+'));
    }

    [Theory]
    [InlineData("what's the plan for today", "local", "classifier")]
    [InlineData("think hard about my garden", "cloud", "explicit-words")]
    [InlineData("keep this private and write me a python script that sorts files", "local", "private")]
    public async Task The_whole_chain_decides(string text, string target, string policy)
    {
        var run = await HcProcess.Run("route", text);

        Assert.Equal(0, run.ExitCode);
        Assert.Matches($@"^{target}  \d\.\d\d  by {policy}\n", run.Output);
    }

    [Fact]
    public async Task A_file_gets_one_object_a_line_and_its_wrong_lines_are_named()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """
            {"text": "implement a thread-safe LRU cache in C++", "id": 1}

            {"txt": "set a timer"}
            [1]
            {"text": 5}
            nonsense
            {"text": "set a timer for fünf minutes"}
            """);
        var run = await HcProcess.Run("route", "--file", file);
        File.Delete(file);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal([3, 4, 5, 6], run.ErrorLines.Select(line => int.Parse(line.Split("line ")[1].Split(':')[0])));
        var decisions = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(["implement a thread-safe LRU cache in C++", "set a timer for fünf minutes"], decisions.Select(d => d.GetProperty("text").GetString()));
        Assert.Equal(["cloud", "local"], decisions.Select(d => d.GetProperty("target").GetString()));
        Assert.All(decisions, d => Assert.Equal(["text", "target", "score", "known", "reason"], d.EnumerateObject().Select(m => m.Name)));
    }

    [Fact]
    public async Task Standard_input_is_read_and_a_line_too_long_is_passed_over()
    {
        var run = await HcProcess.Run(["route", "--file", "-"], $"{{\"text\":\"{new string('a', 2_000_000)}\"}}\n{{\"text\":\"what time is it\"}}\n", [], folder: null);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("line 1: the line is longer than", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Contains("\"target\":\"local\"", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_threshold_moves_the_border()
    {
        var lines = (await HcProcess.Run(["route", "--threshold", "0.000001", "--file", "-"], "{\"text\":\"help me with this\"}\n", [], folder: null)).Output
            + (await HcProcess.Run(["route", "--threshold", "0.999999", "--file", "-"], "{\"text\":\"write a python script\"}\n", [], folder: null)).Output;

        Assert.Equal(["cloud", "local"], lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("target").GetString()));
    }

    [Theory]
    [InlineData("route", "needs either a text or --file")]
    [InlineData("route --file /nowhere/x.jsonl", "--file: Could not find")]
    [InlineData("route hello --file -", "needs either a text or --file")]
    [InlineData("route --threshold 1.5 hello", "--threshold: '1.5' is not allowed")]
    [InlineData("route --threshold lots hello", "--threshold: 'lots' is not allowed")]
    public async Task What_is_wrong_gets_one_clear_line_and_exit_code_2(string arguments, string line)
    {
        var run = await HcProcess.Run(arguments.Split(' '));

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(line, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }
}

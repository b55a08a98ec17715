using System.Runtime.CompilerServices;

namespace HybridConversations.Cli.Tests.Commands;

/// <summary>The real program measuring a real server; what its figures mean is tested with the library.</summary>
public sealed class BenchCommandTests
{
    [Fact]
    public async Task Help_names_every_scenario_size_and_option()
    {
        var run = await HcProcess.Run("bench", "--help");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.All(
            (string[])["decode-1", "mixed", "resume", "restart", "shared-prefix", "churn", "spoken", "long-prompt=2000", "barge-ins=1000", "--url", "--against", "--runs",
                "--size", "--model", "--key", "--out", "--plot", "--start", "--start-against", "--chat-only", "--seed", "--timeout"],
            word => Assert.Contains(word, run.Output));
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once()
    {
        var run = await HcProcess.Run(
            "bench", "mixd", "--url", "nowhere", "--against", "ftp://x", "--runs", "many", "--size", "voices=0", "--timeout", "0", "--out", "/no/such/folder/x.json");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Equal(7, run.ErrorLines.Length);
        Assert.All(run.ErrorLines, line => Assert.StartsWith("hc: ", line));
    }

    [Fact]
    public async Task Without_a_server_the_exit_code_is_1_and_the_line_says_where()
    {
        var run = await HcProcess.Run("bench", "decode-1", "--url", "http://127.0.0.1:1");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("No server is ready at A (http://127.0.0.1:1/)", run.Output);
    }

    [Fact]
    public async Task A_served_machine_is_measured()
    {
        await using var server = await TestServer.Start();
        server.Machine.Model.Reply = Counting;
        var folder = Directory.CreateTempSubdirectory("hc-bench-").FullName;
        var file = Path.Combine(folder, "report.json");

        var run = await HcProcess.Run("bench", "decode-1", "--url", server.Address.ToString(), "--runs", "2", "--size", "decode-tokens=4,decode-replies=2", "--out", file);

        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        Assert.Contains("hc serve, model scripted", run.Output);
        Assert.Contains("\"kind\": \"hybrid-conversations\"", await File.ReadAllTextAsync(file));
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Replies of the wanted length; a token is a word.</summary>
    private static async IAsyncEnumerable<DeviceEvent> Counting(DeviceRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var tokens = request.Sampling.MaxTokens!.Value;
        for (var index = 0; index < tokens; index++)
        {
            await Task.Yield();
            yield return new DeviceText(" word");
        }

        var prompt = request.Messages.Sum(message => message.Content.Split(' ').Length);
        yield return new DeviceFinished("scripted", FinishReason.Length, new TokenUsage(prompt, tokens, 0, prompt), new TurnTimings(1, 2, 0), 0);
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace HybridConversations.Cli.Tests.Commands;

/// <summary>The real program with the demo model.</summary>
public sealed class ServeCommandTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("hc-serve-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task It_listens_becomes_ready_and_leaves_in_good_order_when_told_to()
    {
        using var process = HcProcess.Start(["serve", "--urls", "http://127.0.0.1:0", "--data", _data, "--log", "warning"], [], folder: null);
        try
        {
            var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
            Assert.StartsWith("Listening on http://127.0.0.1:", line);
            using var http = new HttpClient { BaseAddress = new Uri(line!["Listening on ".Length..]) };
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("health/live")).StatusCode);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while ((await http.GetAsync("health/ready", patience.Token)).StatusCode != HttpStatusCode.OK)
            {
                await Task.Delay(50, patience.Token);
            }

            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync(patience.Token);
            Assert.Equal((0, ""), (process.ExitCode, await process.StandardError.ReadToEndAsync(patience.Token)));
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public async Task An_address_that_is_taken_is_told_in_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var run = await HcProcess.Run("serve", "--urls", $"http://{taken.LocalEndpoint}", "--data", _data);
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains($"http://{taken.LocalEndpoint}: address already in use. Choose another address with --urls.", Assert.Single(run.ErrorLines));
    }

    [Fact]
    public async Task A_model_that_is_cut_off_is_told_in_one_line()
    {
        var cut = Path.Combine(_data, "cut.gguf");
        await File.WriteAllBytesAsync(cut, (await File.ReadAllBytesAsync(HybridConversations.Tests.Common.RepositoryFiles.DemoModel))[..100_000]);
        var run = await HcProcess.Run("serve", "--urls", "http://127.0.0.1:0", "--data", _data, "--model", cut, "--log", "warning");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("cut.gguf", Assert.Single(run.ErrorLines));
    }
}

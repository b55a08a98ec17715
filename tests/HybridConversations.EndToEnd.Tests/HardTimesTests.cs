using System.Diagnostics;

namespace HybridConversations.EndToEnd.Tests;

/// <summary>What happens to a real process on a machine in trouble: an orderly end, or a sentence that says what to do.</summary>
public sealed class HardTimesTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("hc-hard-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task A_terminal_that_is_closed_stops_the_server_in_order()
    {
        await using var server = await ServerProcess.Start(_data);
        await server.Conversations.Get("a").Ask("My name is Ada.");
        Assert.Equal(0, await server.Stop("HUP"));
    }

    [Fact]
    public async Task Few_open_files_are_told()
    {
        var (code, errors) = await Shell($"ulimit -n 64; exec dotnet {Program} serve --urls http://127.0.0.1:0 --data {_data}");
        Assert.Equal(2, code);
        Assert.Contains("ulimit -n", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_working_directory_that_is_gone_is_told()
    {
        var gone = Path.Combine(_data, "gone");
        var (code, errors) = await Shell($"mkdir {gone} && cd {gone} && rmdir {gone} && exec dotnet {Program} doctor");
        Assert.Equal(2, code);
        Assert.Contains("working directory is not there", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_that_was_emptied_is_not_begun_anew_in_silence()
    {
        await using (var server = await ServerProcess.Start(_data))
        {
            await server.Conversations.Get("a").Ask("My name is Ada. " + string.Concat(Enumerable.Range(0, 60).Select(i => $"Rule {i} is to be kind. ")));
            Assert.Equal(0, await server.Stop());
        }

        Directory.EnumerateFiles(_data, "conversations.db-*").ToList().ForEach(File.Delete);
        await File.WriteAllBytesAsync(Path.Combine(_data, "conversations.db"), []);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.Start(_data));
        Assert.Contains("history has been lost", refused.Message, StringComparison.Ordinal);
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "hc.dll");

    private static async Task<(int Code, string Errors)> Shell(string script)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return (process.ExitCode, await errors);
    }
}

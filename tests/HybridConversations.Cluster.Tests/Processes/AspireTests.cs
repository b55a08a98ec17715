using System.Diagnostics;
using System.Text.Json;
using HybridConversations.Client;
using HybridConversations.Client.Wire;
using HybridConversations.Tests.Common;

namespace HybridConversations.Cluster.Tests.Processes;

/// <summary>deploy/aspire: the same fleet, started by Aspire's orchestrator.</summary>
public sealed class AspireTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [SkippableFact]
    public async Task A_fleet_stands_under_Aspire_and_ends_with_it()
    {
        Skip.IfNot(RedisServer.IsHere, "redis-server is not here (apt-get install redis-server)");
        var (built, output) = await Run("build", "-c", "Release", "-v", "quiet", "-nologo", Path.Combine(RepositoryFiles.Root, "deploy", "aspire"));
        Skip.If(built != 0 && output.Contains(" NU1", StringComparison.Ordinal), "Aspire's packages cannot be restored here");
        Assert.True(built == 0, output);

        var data = Directory.CreateTempSubdirectory("hc-aspire-");
        try
        {
            var (port, redisPort) = (RedisServer.FreePort(), RedisServer.FreePort());
            var start = InATerminal.Of("dotnet", [
                Path.Combine(RepositoryFiles.Root, "artifacts", "bin", "HybridConversations.Aspire", "release", "HybridConversations.Aspire.dll"),
                "--fleet:devices", "2", "--fleet:port", $"{port}", "--fleet:redis-port", $"{redisPort}", "--fleet:data", data.FullName]);
            (start.RedirectStandardOutput, start.RedirectStandardError, start.UseShellExecute) = (true, true, false);
            start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{RedisServer.FreePort()}";
            start.Environment["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true";
            start.Environment["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://127.0.0.1:{RedisServer.FreePort()}";
            start.Environment["DOTNET_RESOURCE_SERVICE_ENDPOINT_URL"] = $"http://127.0.0.1:{RedisServer.FreePort()}";
            using var host = Process.Start(start)!;
            host.OutputDataReceived += (_, _) => { };
            host.ErrorDataReceived += (_, _) => { };
            host.BeginOutputReadLine();
            host.BeginErrorReadLine();
            try
            {
                using var http = HttpConversations.CreateClient(new Uri($"http://127.0.0.1:{port}"));
                await Eventually.Holds(async () => await Ready(http) == 2, () => "two devices are ready", Patience);
                var reply = await new HttpConversations(http).Get("kitchen").Whole("My name is Ada.");
                Assert.NotEmpty(reply.Text);

            }
            finally
            {
                Signals.Send(host.Id, Signals.Interrupt);
                await host.WaitForExitAsync().WaitAsync(Patience);
                await Eventually.Holds(() => Task.FromResult(!Members(redisPort).Any()), () => "all have ended: " + string.Join("; ", Members(redisPort)), Patience);
            }
        }
        finally
        {
            data.Delete(true);
        }
    }

    /// <summary>Command lines of processes that name the fleet's Redis.</summary>
    private static IEnumerable<string> Members(int redisPort)
    {
        foreach (var process in Directory.GetDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out var id) && id != Environment.ProcessId))
        {
            string line;
            try
            {
                line = File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                continue; // it has just ended
            }

            if (line.Contains($":{redisPort} ", StringComparison.Ordinal) || line.TrimEnd().EndsWith($":{redisPort}", StringComparison.Ordinal))
            {
                yield return line;
            }
        }
    }

    /// <summary>Devices that are; 0 while nobody answers.</summary>
    private static async Task<int> Ready(HttpClient http)
    {
        try
        {
            var view = JsonSerializer.Deserialize(await http.GetStringAsync(new Uri("/fleet", UriKind.Relative)), WireJson.Answers.FleetView)!;
            return view.Devices.Count(device => device.State == DeviceState.Ready);
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    private static async Task<(int Code, string Output)> Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}

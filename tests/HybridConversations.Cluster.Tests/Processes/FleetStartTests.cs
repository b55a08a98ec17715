using System.Diagnostics;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using HybridConversations.Client;
using HybridConversations.Tests.Common;

namespace HybridConversations.Cluster.Tests.Processes;

/// <summary><c>hc fleet start</c>: a whole fleet from one command, also after it was killed.</summary>
public sealed partial class FleetStartTests
{
    [SkippableFact]
    public async Task A_fleet_stands_survives_being_killed_in_the_middle_and_ends_in_order()
    {
        Skip.IfNot(RedisServer.IsHere, "redis-server is not here (apt-get install redis-server)");
        var data = Directory.CreateTempSubdirectory("hc-fleet-");
        try
        {
            await using (var fleet = FleetOfProcesses.Launch(data.FullName))
            {
                await fleet.Stands();
                using var http = HttpConversations.CreateClient(fleet.Url);
                var kitchen = new HttpConversations(http).Get("kitchen");
                await kitchen.Whole("My name is Ada.", "1");
                Assert.Equal(["jetson-1", "jetson-2"], fleet.Devices);
                using (var dashboard = await http.GetAsync(new Uri(fleet.Dashboard)))
                {
                    Assert.True(dashboard.IsSuccessStatusCode, $"{fleet.Dashboard}: {dashboard.StatusCode}");
                }

                // The terminal's Ctrl-C goes to every process of the group: only the one that started them may heed it.
                foreach (var process in fleet.Members)
                {
                    Signals.Send(process.Id, Signals.Interrupt);
                }

                await kitchen.Whole("What is my name?", "2");
                Assert.DoesNotContain(fleet.Members, process => process.HasExited);

                // One that dies is started again under its id.
                fleet.Members[0].Kill();
                await Eventually.Holds(() => fleet.Log.Contains("jetson-1 ended with exit code 137; it is started again", StringComparison.Ordinal), () => $"it is started again: {fleet.Log}");

                // In the middle of a reply.
                await using var reply = kitchen.Say(new Turn { TurnId = "3", Text = "Tell me a long story.", Sampling = new SamplingOptions { MaxTokens = 400 } }).GetAsyncEnumerator();
                Assert.True(await reply.MoveNextAsync());
                fleet.Kill();
            }

            await using (var fleet = FleetOfProcesses.Launch(data.FullName))
            {
                await fleet.Stands();
                using var http = HttpConversations.CreateClient(fleet.Url);
                var kitchen = new HttpConversations(http).Get("kitchen");
                var history = await kitchen.History();
                Assert.Equal(["1", "2"], history.Where(turn => turn.State == TurnState.Completed).Select(turn => turn.TurnId).Take(2));
                await kitchen.Whole("What is my name?", "4");

                await using (var second = FleetOfProcesses.Launch(data.FullName))
                {
                    Assert.NotEqual(0, await second.Exited());
                    Assert.Contains("is in use", second.Log, StringComparison.Ordinal);
                }

                var members = fleet.Members;
                fleet.Interrupt();

                Assert.Equal(0, await fleet.Exited());
                Assert.All(members, process => Assert.True(process.HasExited));
                Assert.DoesNotContain("s and was killed", fleet.Log, StringComparison.Ordinal);
                using var socket = new TcpClient();
                await Assert.ThrowsAsync<SocketException>(() => socket.ConnectAsync("127.0.0.1", fleet.RedisPort));
            }
        }
        finally
        {
            FleetOfProcesses.EndRedis(data.FullName);
            data.Delete(true);
        }
    }

    [Fact]
    public async Task Without_Redis_it_says_what_to_install_and_starts_nothing()
    {
        var data = Directory.CreateTempSubdirectory("hc-fleet-");
        try
        {
            await using var fleet = FleetOfProcesses.Launch(data.FullName, path: "/nowhere");

            Assert.Equal(2, await fleet.Exited());
            Assert.Contains("apt-get install redis-server", fleet.Log, StringComparison.Ordinal);
            Assert.Contains("--redis HOST:PORT", fleet.Log, StringComparison.Ordinal);
            Assert.Empty(fleet.Members);
        }
        finally
        {
            data.Delete(true);
        }
    }

    /// <summary>The command, as a process.</summary>
    private sealed partial class FleetOfProcesses : IAsyncDisposable
    {
        private readonly string _data;
        private readonly Process _process;
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _log = new();
        private readonly TaskCompletionSource _stands = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private FleetOfProcesses(string data, string? path)
        {
            _data = data;
            var start = InATerminal.Of(Environment.ProcessPath!, [
                Path.Combine(AppContext.BaseDirectory, "hc.dll"), "fleet", "--devices", "2", "--data", data, "--urls", "http://127.0.0.1:0", "--model", RepositoryFiles.DemoModel,
                "--context", "8192", "--probe-ms", "1000", "--report-ms", "250", "--drain-seconds", "5"]);
            (start.RedirectStandardOutput, start.RedirectStandardError, start.UseShellExecute) = (true, true, false);
            start.Environment["PATH"] = path ?? start.Environment["PATH"];
            _process = Process.Start(start)!;
            _process.OutputDataReceived += (_, line) => Take(line.Data);
            _process.ErrorDataReceived += (_, line) => Take(line.Data);
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }

        public string Log => string.Join('\n', _log);
        public Uri Url => new(Find("Listening on (.*)"));
        public string Dashboard => Find(@"dashboard +(\S+)");
        public int RedisPort => int.Parse(Find("redis +127.0.0.1:(.*)"), System.Globalization.CultureInfo.InvariantCulture);
        public string[] Devices => [.. _log.Select(line => DeviceLine().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value)];

        /// <summary>The processes that it has started, the devices first.</summary>
        public Process[] Members
        {
            get
            {
                var record = Path.Combine(_data, "fleet", "processes");
                return File.Exists(record) ? [.. File.ReadAllLines(record).Select(line => Process.GetProcessById(int.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)))] : [];
            }
        }

        public static FleetOfProcesses Launch(string data, string? path = null) => new(data, path);

        /// <summary>Ends the Redis that a killed fleet has left.</summary>
        public static void EndRedis(string data)
        {
            var file = Path.Combine(data, "fleet", "redis", "redis.pid");
            if (File.Exists(file))
            {
                using var redis = Process.GetProcessById(int.Parse(File.ReadAllText(file), System.Globalization.CultureInfo.InvariantCulture));
                redis.Kill();
                redis.WaitForExit();
            }
        }

        public async Task Stands()
        {
            await Task.WhenAny(_stands.Task, _process.WaitForExitAsync(), Task.Delay(TimeSpan.FromMinutes(3)));
            Assert.True(_stands.Task.IsCompletedSuccessfully, $"the fleet does not stand: {Log}");
        }

        public void Interrupt() => Signals.Send(_process.Id, Signals.Interrupt);

        public void Kill() => _process.Kill();

        public async Task<int> Exited()
        {
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
            return _process.ExitCode;
        }

        public async ValueTask DisposeAsync()
        {
            if (!_process.HasExited)
            {
                _process.Kill();
            }

            await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(TimeSpan.FromSeconds(60)));
            _process.Dispose();
        }

        [GeneratedRegex("^  (jetson-\\d+) +http://")]
        private static partial Regex DeviceLine();

        private string Find(string pattern) => _log.Select(line => Regex.Match(line, pattern)).First(match => match.Success).Groups[1].Value;

        private void Take(string? line)
        {
            if (line is null)
            {
                return;
            }

            _log.Enqueue(line);
            if (line.StartsWith("Ctrl-C", StringComparison.Ordinal))
            {
                _stands.TrySetResult();
            }
        }
    }
}

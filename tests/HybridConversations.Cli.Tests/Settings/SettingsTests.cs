using HybridConversations.Cli.Settings;
using HybridConversations.Http.Keys;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.KvCache;
using HybridConversations.Inference.Scheduling;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Cli.Tests.Settings;

public sealed class SettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hc-settings-").FullName;
    private readonly string _program = Directory.CreateTempSubdirectory("hc-program-").FullName;
    private readonly Dictionary<Setting, string> _arguments = new() { [KnownSettings.Model] = RepositoryFiles.DemoModel };
    private readonly Dictionary<string, string> _variables = [];

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_program, recursive: true);
    }

    [Fact]
    public void Nothing_set_gives_the_defaults()
    {
        var settings = Read();
        Assert.Equal(new BackendOptions { ModelPath = RepositoryFiles.DemoModel }, settings.Backend);
        Assert.Equal(["http://127.0.0.1:5080"], settings.Urls);
        Assert.EndsWith("hybrid-conversations", settings.DataFolder);
        Assert.Equal(256, settings.Http.OpenTurns);
        Assert.Equal(new EngineOptions() with { Tiers = new KvTierOptions { SnapshotFolder = Path.Combine(settings.DataFolder, "kv") } }, settings.Engine);
        Assert.Null(settings.Log);
    }

    [Fact]
    public void Every_setting_is_read()
    {
        var prompt = Path.Combine(_folder, "pip.txt");
        File.WriteAllText(prompt, "You are Pip. \r\n");
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["DATA"] = _folder,
            ["OPEN"] = "on",
            ["URLS"] = "http://0.0.0.0:80; http://[::1]:81,http://*:82",
            ["CONTEXT"] = "4096",
            ["PARALLEL"] = "100",
            ["PARKED_MB"] = "5",
            ["SNAPSHOT_MB"] = "0",
            ["TARGET_GAP_MS"] = "60",
            ["PINNED_PROMPTS"] = $"{prompt} ; {prompt}",
            ["WARM_UP"] = "off",
            ["PROMPT_LOOKUP"] = "off",
            ["THREADS"] = "2",
            ["GPU_LAYERS"] = "0",
            ["FLASH_ATTENTION"] = "ON",
            ["KV_TYPE"] = "q8_0",
            ["BATCH"] = "1024",
            ["KV_LAYOUT"] = "separate",
            ["MICRO_BATCH"] = "1024",
            ["MLOCK"] = "true",
            ["MMAP"] = "off",
            ["OPEN_TURNS"] = "7",
            ["SHUTDOWN_SECONDS"] = "0",
            ["LOG"] = "error",
        })
        {
            _variables["HC_" + name] = value;
        }

        var settings = Read();
        Assert.Equal(
            new BackendOptions
            {
                ModelPath = RepositoryFiles.DemoModel,
                Context = 4096,
                MaxSequences = 201,
                Layout = KvLayout.Separate,
                Streams = 101,
                Threads = 2,
                GpuLayers = 0,
                FlashAttention = FlashAttention.On,
                KvType = KvType.Q8_0,
                BatchSize = 1024,
                MicroBatchSize = 1024,
                MemoryLock = true,
                MemoryMap = false,
            },
            settings.Backend);
        Assert.Equal(
            new EngineOptions
            {
                PromptLookup = false,
                Scheduler = new SchedulerOptions { MaxRunning = 100, TargetGapMs = 60 },
                Tiers = new KvTierOptions { ParkedBytes = 5 << 20, SnapshotBytes = 0 },
            },
            settings.Engine);
        Assert.Equal((false, "You are Pip. |You are Pip. "), (settings.WarmUp, string.Join('|', settings.PinnedPrompts)));
        Assert.Equal(["http://0.0.0.0:80", "http://[::1]:81", "http://*:82"], settings.Urls);
        Assert.Equal((_folder, 7, TimeSpan.Zero, LogLevel.Error), (settings.DataFolder, settings.Http.OpenTurns, settings.Http.ShutdownGrace, settings.Log));
    }

    [Fact]
    public void The_command_line_wins_over_variables_over_the_current_folder_over_the_programs_folder()
    {
        File.WriteAllText(Path.Combine(_program, "appsettings.json"), """{ "hc": { "threads": 1, "context": 1024, "batch": 64, "parallel": 5 } }""");
        Assert.Equal((1, 1024, 64, 5), Values());
        File.WriteAllText(Path.Combine(_folder, "appsettings.json"), """
            {
              // Comments are allowed.
              "Logging": {}, "hc": { "threads": "2", "context": 2048, "batch": 128, "cloud": { "model": "gpt-4o" }, "mlock": true, "model": null, },
            }
            """);
        Assert.Equal((2, 2048, 128, 5), Values());
        Assert.True(Read().Backend.MemoryLock);
        Assert.Equal("gpt-4o", Read().Cloud!.Cloud.Model);
        (_variables["HC_THREADS"], _variables["HC_CONTEXT"], _variables["HC_BATCH"]) = ("3", "3072", "");
        Assert.Equal((3, 3072, 128, 5), Values());
        _arguments[KnownSettings.Threads] = "4";
        Assert.Equal((4, 3072, 128, 5), Values());

        (int, int, int, int) Values()
        {
            var settings = Read();
            return (settings.Backend.Threads, settings.Backend.Context, settings.Backend.BatchSize, settings.Engine.Scheduler.MaxRunning);
        }
    }

    [Fact]
    public void Routing_comes_from_its_section_and_the_threshold_or_the_share_from_anywhere()
    {
        Assert.Equal(0.25, Read().Routing.EffectiveThreshold);
        File.WriteAllText(Path.Combine(_folder, "appsettings.json"), """{ "hc": { "routing": { "threshold": 0.6, "busy-queue-share": 0.75, "heed-words": false } } }""");
        Assert.Equal((0.6, 0.75, false), (Read().Routing.EffectiveThreshold, Read().Routing.BusyQueueShare, Read().Routing.HeedWords));
        _variables["HC_CLOUD_SHARE"] = "0.05";
        Assert.Equal((null, 0.05, 0.75), (Read().Routing.Threshold, Read().Routing.CloudShare, Read().Routing.BusyQueueShare));
        Assert.InRange(Read().Routing.EffectiveThreshold, 0.9, 0.99999);
        _arguments[KnownSettings.CloudThreshold] = "0.4";
        Assert.Contains("give one of the two", Assert.Single(Assert.Throws<SettingsException>(() => Read()).Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "threshhold": 0.6 }""", "threshhold")]
    [InlineData("""{ "threshold": "high" }""", "threshold")]
    [InlineData("""{ "threshold": 1.5 }""", "\"routing\": threshold is 1.5; allowed is a number above 0 and below 1")]
    [InlineData("[]", "must be an object")]
    public void Wrong_routing_is_told(string section, string message)
    {
        File.WriteAllText(Path.Combine(_folder, "appsettings.json"), $$"""{ "hc": { "routing": {{section}} } }""");

        Assert.Contains(message, Assert.Single(Assert.Throws<SettingsException>(() => Read()).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_wrong_is_told_at_once_with_where_it_stands_and_what_is_allowed()
    {
        File.WriteAllText(Path.Combine(_folder, "appsettings.json"), """{ "hc": { "batch": [], "colour": "red", "gpuLayers": -2 } }""");
        _variables["HC_KV_TYPE"] = "q4_0";
        _variables["HC_CONTEXT"] = "255";
        _arguments[KnownSettings.Threads] = "many";
        _arguments[KnownSettings.Model] = "/does/not/exist.gguf";
        _arguments[KnownSettings.Urls] = "https://127.0.0.1:1";
        _arguments[KnownSettings.MicroBatch] = "1024";
        _arguments[KnownSettings.Data] = RepositoryFiles.DemoModel;
        var errors = Assert.Throws<SettingsException>(Read).Errors;

        var file = Path.Combine(_folder, "appsettings.json");
        Assert.Equal(10, errors.Count);
        Assert.Contains(errors, error => error == $"\"hc\".\"batch\" in {file} must be a string, a number, true or false.");
        Assert.Contains(errors, error => error.StartsWith($"\"hc\".\"colour\" in {file} is no setting; there are model, ", StringComparison.Ordinal));
        Assert.Contains($"\"hc\".\"gpuLayers\" in {file}: '-2' is not allowed; allowed: -1 (all) to 10000; default: -1.", errors);
        Assert.Contains("HC_KV_TYPE: 'q4_0' is not allowed; allowed: f16 or q8_0; default: f16.", errors);
        Assert.Contains("HC_CONTEXT: '255' is not allowed; allowed: 0 (chosen for the model) or 256 to 4194304; default: 0.", errors);
        Assert.Contains("--threads: 'many' is not allowed; allowed: 0 (physical processors) to 1024; default: 0.", errors);
        Assert.Contains(errors, error => error.StartsWith("--model: There is no model '/does/not/exist.gguf'", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.StartsWith("--urls: 'https://127.0.0.1:1' needs a certificate: give --https-cert and --https-key", StringComparison.Ordinal));
        Assert.Contains("--micro-batch: 1024 is above the batch of 512; lower it or raise --batch.", errors);
        Assert.Contains($"--data: {RepositoryFiles.DemoModel} is a file, not a folder.", errors);
    }

    [Fact]
    public void Prompts_that_cannot_be_pinned_are_told_one_by_one()
    {
        var (empty, longer) = (Path.Combine(_folder, "empty.txt"), Path.Combine(_folder, "long.txt"));
        File.WriteAllText(empty, "\n");
        File.WriteAllText(longer, new string('x', Limits.MaxSystemCharacters + 1));
        _variables["HC_PINNED_PROMPTS"] = $"{empty};{longer};/no/such/file.txt";
        var errors = Assert.Throws<SettingsException>(Read).Errors;
        Assert.Equal(3, errors.Count);
        Assert.Equal($"HC_PINNED_PROMPTS: {empty} is empty.", errors[0]);
        Assert.Contains("50001 characters; a system prompt may have 50000", errors[1]);
        Assert.StartsWith("HC_PINNED_PROMPTS: /no/such/file.txt cannot be read", errors[2]);

        _variables["HC_PINNED_PROMPTS"] = string.Join(';', Enumerable.Repeat(longer, 16));
        Assert.Contains("at most 15", Assert.Single(Assert.Throws<SettingsException>(Read).Errors));
    }

    [SkippableFact]
    public void A_name_stands_for_its_addresses_and_not_for_all_there_are()
    {
        var name = System.Net.Dns.GetHostName();
        System.Net.IPAddress[] addresses = [];
        try
        {
            addresses = System.Net.Dns.GetHostAddresses(name);
        }
        catch (System.Net.Sockets.SocketException)
        {
            // This machine does not know its own name.
        }

        Skip.If(addresses.Length == 0, $"'{name}', this machine's own name, has no address here: put it into /etc/hosts.");
        _arguments[KeySettings.Open] = "on";
        _arguments[KnownSettings.Urls] = $"http://localhost:1;http://{name}:2;http://0.0.0.0:3";
        Assert.Equal(
            ["http://localhost:1", .. addresses.Select(address => address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"http://[{address}]:2" : $"http://{address}:2"), "http://0.0.0.0:3"],
            Read().Urls);
    }

    [Theory]
    [InlineData("--allowed-origins", "https://app.example.org;http://127.0.0.1:8080", true)]
    [InlineData("--allowed-origins", "*", true)]
    [InlineData("--allowed-origins", "app.example.org", false)]
    [InlineData("--allowed-origins", "https://app.example.org/path", false)]
    [InlineData("--allowed-hosts", "chat.example.org;*.lan", true)]
    [InlineData("--allowed-hosts", "http://chat.example.org", false)]
    public void Doors_are_checked(string option, string value, bool allowed)
    {
        var setting = KnownSettings.All.Single(known => known.Option == option);
        _arguments[setting] = value;
        if (allowed)
        {
            var doors = Read().Doors;
            Assert.Equal(value.Split(';'), option == "--allowed-hosts" ? doors.AllowedHosts : doors.AllowedOrigins);
        }
        else
        {
            Assert.StartsWith(option + ": ", Assert.Single(Assert.Throws<SettingsException>(Read).Errors));
        }
    }

    [Theory]
    [InlineData("ftp://127.0.0.1:1")]
    [InlineData("127.0.0.1:5080")]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData("http://127.0.0.1:5080/path")]
    [InlineData(" ; ")]
    [InlineData("http://no-such-name.invalid:5080")]
    [InlineData("http://127.0.0.1:0;http://example.invalid:80")]
    public void Addresses_are_checked(string urls)
    {
        _arguments[KnownSettings.Urls] = urls;
        Assert.StartsWith("--urls: ", Assert.Single(Assert.Throws<SettingsException>(Read).Errors));
    }

    [Theory]
    [InlineData("http://0.0.0.0:5080")]
    [InlineData("http://*:5080")]
    [InlineData("http://[::]:5080")]
    [InlineData("http://127.0.0.1:1;http://192.168.7.7:2")]
    public void Beyond_this_machine_it_wants_a_key_or_to_be_told_that_it_is_open(string urls)
    {
        _arguments[KnownSettings.Urls] = urls;
        _arguments[KeySettings.File] = Path.Combine(_folder, "keys.json");
        Assert.Contains("there is no key: make one with 'hc keys add", Assert.Single(Assert.Throws<SettingsException>(Read).Errors));
        _arguments[KeySettings.Open] = "on";
        Assert.False(Read().Keys.Required);
        _arguments.Remove(KeySettings.Open);
        _arguments[KeySettings.Given] = "talk:acme:" + new string('x', 24);
        Assert.True(Read().Keys.Required);
        _arguments.Remove(KeySettings.Given);
        new KeyFile(Path.Combine(_folder, "keys.json")).Write([KeySecret.Make("", KeyRole.Admin, "*", DateTimeOffset.UnixEpoch).Kept]);
        Assert.True(Read().Keys.Required);
    }

    [Theory]
    [InlineData("talk:acme:short")]
    [InlineData("boss:acme:xxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("talk:ac me:xxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxx")]
    public void A_given_key_that_is_wrong_is_not_quoted(string keys)
    {
        _arguments[KeySettings.Given] = keys;
        var error = Assert.Single(Assert.Throws<SettingsException>(Read).Errors);
        Assert.StartsWith("--api-keys: entry 1 is not allowed", error);
        Assert.DoesNotContain("xxxx", error);
    }

    [Fact]
    public void A_file_that_is_no_json_is_told()
    {
        File.WriteAllText(Path.Combine(_folder, "appsettings.json"), "{ oops");
        Assert.Contains("appsettings.json cannot be read", Assert.Single(Assert.Throws<SettingsException>(Read).Errors));
    }

    [Fact]
    public void A_model_is_looked_into()
    {
        var path = Path.Combine(_folder, "model.gguf");
        foreach (var (content, fault) in new (byte[], string?)[] { ([], "not a GGUF file"), ("GGU"u8.ToArray(), "not a GGUF file"), ("<html>"u8.ToArray(), "not a GGUF file"), ("GGUF"u8.ToArray(), null) })
        {
            File.WriteAllBytes(path, content);
            Assert.Contains(fault ?? "", ModelFiles.Fault(path) ?? "");
            Assert.Equal(fault is null, ModelFiles.Fault(path) is null);
        }

        Assert.Contains("is a folder", ModelFiles.Fault(_folder));
    }

    [Fact]
    public void The_demo_model_is_found_above_the_program()
    {
        Assert.Equal(RepositoryFiles.DemoModel, ModelFiles.FindDemo(AppContext.BaseDirectory));
        Assert.Null(ModelFiles.FindDemo(_folder));
        File.WriteAllBytes(Path.Combine(_folder, "demo.gguf"), "GGUF"u8.ToArray());
        Assert.Equal(Path.Combine(_folder, "demo.gguf"), ModelFiles.FindDemo(_folder));
    }

    [Fact]
    public void A_chat_with_a_server_takes_no_option_of_the_machine()
    {
        _arguments[KnownSettings.Url] = "http://127.0.0.1:5080";
        _variables["HC_THREADS"] = "3";
        var errors = Assert.Throws<SettingsException>(() => ChatSettings.Read(Sources())).Errors;
        Assert.StartsWith("--model: has no effect with --url", Assert.Single(errors));

        _arguments.Remove(KnownSettings.Model);
        var settings = ChatSettings.Read(Sources());
        Assert.Equal(new Uri("http://127.0.0.1:5080"), settings.Url);
        Assert.Null(settings.Machine);
    }

    [Fact]
    public void A_chats_own_settings_are_checked_too()
    {
        foreach (var (setting, value) in new[]
        {
            (KnownSettings.Conversation, "a/b"), (KnownSettings.Once, " "), (KnownSettings.Url, "nowhere"), (KnownSettings.Temperature, "2.1"),
            (KnownSettings.TopP, "0"), (KnownSettings.TopK, "-1"), (KnownSettings.MinP, "1.1"), (KnownSettings.MaxTokens, "0"), (KnownSettings.Seed, "x"),
        })
        {
            _arguments[setting] = value;
        }

        var errors = Assert.Throws<SettingsException>(() => ChatSettings.Read(Sources())).Errors;
        Assert.Equal(9, errors.Count);
    }

    private ServerSettings Read() => ServerSettings.Read(Sources());

    private SettingsSources Sources() => new(_arguments, name => _variables.GetValueOrDefault(name), _folder, _program);
}

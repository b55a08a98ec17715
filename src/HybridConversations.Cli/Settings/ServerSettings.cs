using HybridConversations.Cloud;
using HybridConversations.Http;
using HybridConversations.Http.Doors;
using HybridConversations.Http.Keys;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.KvCache;
using HybridConversations.Routing;

namespace HybridConversations.Cli.Settings;

/// <summary>How one machine is set up. Immutable; checked as a whole before anything starts.</summary>
internal sealed record ServerSettings
{
    private const int DefaultParallel = 16;

    /// <summary>How to load the model.</summary>
    public required BackendOptions Backend { get; init; }

    /// <summary>Which backend loads it, by name; <see cref="BackendChoice.Auto"/> for whichever can.</summary>
    public string BackendName { get; init; } = BackendChoice.Auto;

    /// <summary>Folder of conversations and snapshots, absolute.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Addresses to listen on.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>Scheduling and KV life.</summary>
    public EngineOptions Engine { get; init; } = new();

    /// <summary>Get ready for the first turns at start.</summary>
    public bool WarmUp { get; init; } = true;

    /// <summary>Where the machine's sensors are read from.</summary>
    public string SystemRoot { get; init; } = "/";

    /// <summary>System prompts that are kept ready.</summary>
    public IReadOnlyList<string> PinnedPrompts { get; init; } = [];

    /// <summary>The cloud; null when none is configured.</summary>
    public CloudSettings? Cloud { get; init; }

    /// <summary>Which turns go there.</summary>
    public RouterOptions Routing { get; init; } = new();

    public HttpLimits Http { get; init; } = new();

    /// <summary>Who may speak to the server.</summary>
    public DoorOptions Doors { get; init; } = new();

    /// <summary>Conversations that nobody has used for so long are forgotten; null: never.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>Who is let in.</summary>
    public KeyOptions Keys { get; init; } = new();

    /// <summary>Who is told how it is doing.</summary>
    public ObservabilitySettings Observability { get; init; } = new();

    /// <summary>What the log tells; null for the command's own default.</summary>
    public LogLevel? Log { get; init; }

    /// <exception cref="SettingsException">Anything was wrong; says all of it.</exception>
    public static ServerSettings Read(SettingsSources sources)
    {
        var reader = new SettingsReader(sources);
        var settings = Read(reader);
        reader.ThrowIfWrong();
        return settings;
    }

    /// <summary>Leaves throwing to the caller, who reads more.</summary>
    public static ServerSettings Read(SettingsReader reader)
    {
        var http = new HttpLimits();
        var parallel = reader.Whole(KnownSettings.Parallel, 1, 128) ?? DefaultParallel;
        var data = DataFolders.Read(reader);
        var urls = ListenUrls.Read(reader);
        return new ServerSettings
        {
            Backend = ReadBackend(reader, parallel),
            BackendName = ReadBackendName(reader),
            Engine = ReadEngine(reader, parallel, data),
            WarmUp = reader.Switch(KnownSettings.WarmUp) ?? true,
            SystemRoot = ReadSystemRoot(reader),
            PinnedPrompts = Settings.PinnedPrompts.Read(reader),
            Cloud = CloudSection.Read(reader),
            Routing = RoutingSection.Read(reader),
            DataFolder = data,
            Urls = urls,
            Keys = KeySettings.Read(reader, urls, data),
            Http = http with
            {
                OpenTurns = reader.Whole(KnownSettings.OpenTurns, 1, 100_000) ?? http.OpenTurns,
                ShutdownGrace = reader.Whole(KnownSettings.ShutdownSeconds, 0, 3600) is { } seconds ? TimeSpan.FromSeconds(seconds) : http.ShutdownGrace,
            },
            Doors = DoorSettings.Read(reader, urls),
            Retention = ReadRetention(reader),
            Observability = ObservabilitySettings.Read(reader),
            Log = ReadLog(reader),
        };
    }

    public static TimeSpan? ReadRetention(SettingsReader reader) =>
        reader.Whole(KnownSettings.RetentionHours, 0, 876_000) is > 0 and var hours ? TimeSpan.FromHours(hours) : null;

    public static LogLevel? ReadLog(SettingsReader reader) => reader.Choice(
        KnownSettings.Log, ("debug", LogLevel.Debug), ("info", LogLevel.Information), ("warning", LogLevel.Warning), ("error", LogLevel.Error));

    public static string ReadBackendName(SettingsReader reader) => reader.Read(
        KnownSettings.Backend, text => Array.Find([BackendChoice.Auto, .. BackendProviders.Names], name => name.Equals(text, StringComparison.OrdinalIgnoreCase))) ?? BackendChoice.Auto;

    /// <summary>What is parked later must fit beside it, too.</summary>
    private static long ReadReserve(SettingsReader reader)
    {
        var reserve = (long)(reader.Whole(KnownSettings.ReserveMegabytes, 0, 1 << 20) ?? 0) << 20;
        return reserve == 0 ? 0 : reserve + ReadParked(reader);
    }

    private static long ReadParked(SettingsReader reader) => (long?)reader.Whole(KnownSettings.ParkedMegabytes, 0, 1 << 20) << 20 ?? new KvTierOptions().ParkedBytes;

    private static string ReadSystemRoot(SettingsReader reader)
    {
        var root = reader.Text(KnownSettings.SystemRoot) ?? "/";
        if (!Directory.Exists(root))
        {
            reader.Wrong(KnownSettings.SystemRoot, $"there is no folder '{root}'.");
        }

        return root;
    }

    private static EngineOptions ReadEngine(SettingsReader reader, int parallel, string data)
    {
        var defaults = new EngineOptions();
        var snapshots = (long?)reader.Whole(KnownSettings.SnapshotMegabytes, 0, 1 << 20) << 20 ?? defaults.Tiers.SnapshotBytes;
        return defaults with
        {
            PromptLookup = reader.Switch(KnownSettings.PromptLookup) ?? defaults.PromptLookup,
            Scheduler = defaults.Scheduler with
            {
                MaxRunning = parallel,
                TargetGapMs = reader.Whole(KnownSettings.TargetGap, 0, 10_000) ?? defaults.Scheduler.TargetGapMs,
            },
            Tiers = defaults.Tiers with
            {
                ParkedBytes = ReadParked(reader),
                SnapshotBytes = snapshots,
                SnapshotFolder = snapshots > 0 ? Path.Combine(data, "kv") : null,
            },
        };
    }

    private static BackendOptions ReadBackend(SettingsReader reader, int parallel)
    {
        var defaults = new BackendOptions { ModelPath = ModelFiles.Read(reader) };
        var options = defaults with
        {
            Context = reader.ZeroOrWhole(KnownSettings.Context, 256, 4_194_304) ?? defaults.Context,
            // Conversations that are silent keep their KV, and one sequence moves it in and out.
            MaxSequences = Math.Max(defaults.MaxSequences, Math.Min(256, 1 + (2 * parallel))),
            Layout = reader.Choice(KnownSettings.KvLayout, ("auto", KvLayout.Auto), ("unified", KvLayout.Unified), ("separate", KvLayout.Separate)) ?? KvLayout.Unified,
            Streams = parallel + 1,
            Threads = reader.Whole(KnownSettings.Threads, 0, 1024) ?? defaults.Threads,
            YieldCores = reader.Switch(KnownSettings.YieldCores) ?? defaults.YieldCores,
            GpuLayers = reader.Whole(KnownSettings.GpuLayers, -1, 10_000) ?? defaults.GpuLayers,
            FlashAttention = reader.Choice(KnownSettings.FlashAttention, ("auto", FlashAttention.Auto), ("on", FlashAttention.On), ("off", FlashAttention.Off))
                ?? defaults.FlashAttention,
            KvType = reader.Choice(KnownSettings.KvType, ("f16", KvType.F16), ("q8_0", KvType.Q8_0)) ?? defaults.KvType,
            BatchSize = reader.Whole(KnownSettings.Batch, 16, 16_384) ?? defaults.BatchSize,
            ReserveBytes = ReadReserve(reader),
            MemoryLock = reader.Switch(KnownSettings.MemoryLock) ?? defaults.MemoryLock,
            MemoryMap = reader.Choice<int>(KnownSettings.MemoryMap, ("auto", -1), ("on", 1), ("off", 0), ("true", 1), ("false", 0)) switch
            {
                1 => true,
                0 => false,
                _ => null,
            },
        };
        var microBatch = reader.Whole(KnownSettings.MicroBatch, 16, 16_384);
        if (microBatch > options.BatchSize)
        {
            reader.Wrong(KnownSettings.MicroBatch, $"{microBatch} is above the batch of {options.BatchSize}; lower it or raise {KnownSettings.Batch.Option}.");
        }

        return options with { MicroBatchSize = microBatch ?? Math.Min(defaults.MicroBatchSize, options.BatchSize) };
    }
}

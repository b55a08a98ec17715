using HybridConversations.Cli.Settings;
using HybridConversations.Cloud;
using HybridConversations.Conversations;
using HybridConversations.Conversations.Forgetting;
using HybridConversations.Devices;
using HybridConversations.Devices.Telemetry;
using HybridConversations.Escalations.Bridging;
using HybridConversations.Http.Hosting;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.Models;
using HybridConversations.InProcess;
using HybridConversations.Routing;
using HybridConversations.Storage;

namespace HybridConversations.Cli.Hosting;

/// <summary>The composition of one machine: backend, engine, device, storage, routing, conversations.</summary>
internal sealed class OneMachine : IMachine
{
    // In the order in which they end: the store, which holds the data folder's lock, last.
    private readonly IReadOnlyCollection<IAsyncDisposable> _parts;

    private readonly InferenceEngine _engine;

    private OneMachine(IReadOnlyCollection<IAsyncDisposable> parts, InferenceEngine engine) => (_parts, _engine) = (parts, engine);

    public required IConversations Conversations { get; init; }
    public required IConversationArchive Archive { get; init; }
    public required IDevice Device { get; init; }
    public required IFleet Fleet { get; init; }
    public IDeviceTruce? Truce { get; init; }
    public Task<string> Broken => Watch?.Changed ?? IMachine.Never;

    private ModelFileWatch? Watch { get; init; }

    /// <summary>Opens the data folder and loads the model.</summary>
    /// <exception cref="ProblemException">The model cannot be loaded, or the folder cannot be used.</exception>
    public static async Task<IMachine> Start(ServerSettings settings, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var parts = new Stack<IAsyncDisposable>();
        try
        {
            ThrowIfEmptied(settings);
            var store = SqliteConversationStore.OpenFolder(
                new SqliteStoreOptions { Folder = settings.DataFolder }, TimeProvider.System, loggers.CreateLogger<SqliteConversationStore>());
            parts.Push(store);
            var backend = await Task.Run(() => BackendProviders.Choose(settings.BackendName).Load(settings.Backend, loggers.CreateLogger<IModelBackend>(), cancellationToken), cancellationToken);
            var engine = new InferenceEngine(backend, settings.Engine, TimeProvider.System, loggers.CreateLogger<InferenceEngine>());
            parts.Push(engine);
            var watch = ModelFileWatch.Of(settings.Backend, TimeProvider.System);
            if (watch is not null)
            {
                parts.Push(watch);
            }

            var device = new LocalDevice(
                engine, new DeviceOptions { DeviceId = Environment.MachineName, FirstTokenTargetMs = settings.Observability.FirstTokenTargetMs, SystemRoot = settings.SystemRoot }, TimeProvider.System);
            parts.Push(new DeviceGauges(device, TimeProvider.System));
            if (settings.WarmUp)
            {
                var warmUp = device.WarmUp(settings.PinnedPrompts, loggers.CreateLogger<WarmUp>());
                parts.Push(warmUp);
                await warmUp.WaitAWhile(cancellationToken);
            }

            var cloud = settings.Cloud is { } wanted ? CloudEscalation.Create(wanted.Cloud, settings.DataFolder, loggers) : null;
            if (cloud is not null)
            {
                parts.Push(cloud);
                await cloud.Escalation.Recall(cancellationToken);
            }

            var conversations = new InProcessConversations(store, new ConversationServices
            {
                Devices = new SingleDevicePicker(device),
                Memories = new SingleDeviceMemory(device),
                Router = cloud is null ? new LocalRouter() : new Router(settings.Routing),
                Escalations = cloud is null ? null : new SingleEscalationPicker(cloud.Escalation, new Bridge(settings.Cloud!.Bridge)),
                Options = new ConversationOptions { DefaultSystem = device.Defaults.SystemPrompt, TraceContent = settings.Observability.Content },
                Logger = loggers.CreateLogger<Conversation>(),
            });
            parts.Push(conversations);
            if (settings.Retention is { } retention)
            {
                parts.Push(new RetentionLoop(
                    new RetentionSweep(conversations, retention, TimeProvider.System, loggers.CreateLogger<RetentionSweep>()), TimeProvider.System, loggers.CreateLogger<RetentionLoop>()));
            }

            return new OneMachine(parts, engine) { Conversations = conversations, Archive = conversations, Device = device, Truce = new SingleDeviceTruce(device), Watch = watch, Fleet = new InProcessFleet(device, cloud?.Escalation) };
        }
        catch
        {
            await Dispose(parts);
            throw;
        }
    }

    public DateTimeOffset? HangingSince => _engine.Status.HangingSince;

    public void BeginStop() => _ = _engine.BeginStop();

    public ValueTask DisposeAsync()
    {
        BeginStop(); // conversations wait for their replies
        return Dispose(_parts);
    }

    private static async ValueTask Dispose(IEnumerable<IAsyncDisposable> parts)
    {
        foreach (var part in parts)
        {
            await part.DisposeAsync();
        }
    }

    /// <summary>An empty file is as good as none to SQLite; beside what conversations left it is one that was lost, and must not be begun anew in silence.</summary>
    private static void ThrowIfEmptied(ServerSettings settings)
    {
        var file = new FileInfo(Path.Combine(settings.DataFolder, SqliteConversationStore.FileName));
        if (file is { Exists: true, Length: 0 } && settings.Engine.Tiers.SnapshotFolder is { } snapshots && Directory.Exists(snapshots) && Directory.EnumerateFileSystemEntries(snapshots).Any())
        {
            throw new ProblemException(ProblemCodes.Unstored(
                $"'{file.FullName}' is empty, and {snapshots} holds states of conversations: their history has been lost. Put a backup in its place (hc backup made one), or delete the file to begin anew."));
        }
    }
}

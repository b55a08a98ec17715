using HybridConversations.Conversations;
using HybridConversations.Http;
using HybridConversations.Http.Doors;
using HybridConversations.Http.Hosting;
using HybridConversations.InProcess;
using HybridConversations.Routing;
using HybridConversations.Storage;
using HybridConversations.Tests.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace HybridConversations.Browser.Tests;

/// <summary>The real server over real conversations in a real store; devices whose figures a test writes, one of which answers what it is told to.</summary>
public sealed class DashboardServer : IMachine, IFleet
{
    private readonly TemporaryFolder _folder = new();
    private readonly InProcessConversations _conversations;
    private readonly SqliteConversationStore _store;
    private WebApplication? _app;

    private DashboardServer()
    {
        _store = SqliteConversationStore.OpenFolder(new SqliteStoreOptions { Folder = _folder.Path });
        _conversations = new InProcessConversations(_store, new ConversationServices { Devices = new SingleDevicePicker(Model), Memories = new SingleDeviceMemory(Model), Router = new LocalRouter() });
        Devices = [Sample.Device("jetson-1")];
    }

    public ScriptedDevice Model { get; } = new("jetson-1");

    /// <summary>The devices that the fleet shows.</summary>
    public IReadOnlyList<DeviceStatus> Devices { get; set; }

    public IReadOnlyList<EscalationStatus> Clouds { get; set; } = [];
    public Uri Address { get; private set; } = null!;
    public IConversations Conversations => _conversations;
    public IConversationArchive Archive => _conversations;
    public IConversationStore Store => _store;
    public IDevice Device => Model;
    public IFleet Fleet => this;

    public static async Task<DashboardServer> Start()
    {
        var server = new DashboardServer();
        server._app = HttpServer.Build(["http://127.0.0.1:0"], new HttpLimits(), new DoorOptions { AllowedHosts = [Browser.OtherName] }, (_, _) => Task.FromResult<IMachine>(server), _ => { });
        await server._app.StartAsync();
        await server._app.Services.GetRequiredService<MachineHost>().Started;
        server.Address = new Uri(server._app.Urls.First().Replace("127.0.0.1", Browser.OtherName, StringComparison.Ordinal));
        return server;
    }

    public ValueTask<FleetView> View(CancellationToken cancellationToken = default) => new(new FleetView(Devices, Clouds));

    /// <summary>Ends with the server: it disposes its machine.</summary>
    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.StopAsync();
            await app.DisposeAsync();
            await _conversations.DisposeAsync();
            await _store.DisposeAsync();
            _folder.Dispose();
        }
    }
}

using System.Diagnostics;
using HybridConversations.Cli.Settings;
using HybridConversations.Cloud;
using HybridConversations.Conversations;
using HybridConversations.Devices;
using HybridConversations.Escalations.Ledger;
using HybridConversations.Http.Hosting;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.Models;
using HybridConversations.Orleans.Escalations;
using HybridConversations.Orleans.Fleet;
using HybridConversations.Orleans.Hosting;
using HybridConversations.Routing;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace HybridConversations.Cli.Hosting.Fleet;

/// <summary>
/// What a process of the fleet hosts: the model first, then the silo over it, and the actors through the silo. Ends in the other order: the silo drains its
/// device and hands its conversations over before the model is freed.
/// </summary>
internal sealed partial class FleetMachine : IMachine
{
    /// <summary>What a silo gets to say goodbye once its device is drained, and to let go of what it holds.</summary>
    private static readonly TimeSpan StopSlack = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan DisposeLimit = TimeSpan.FromSeconds(3);
    private readonly IHost _silo;
    private readonly TimeSpan _stopLimit;
    private readonly ILogger _logger;
    private readonly InferenceEngine? _engine;
    private readonly ModelFileWatch? _watch;
    private readonly WarmUp? _warmUp;
    private readonly SiloDevice? _device;
    private readonly CloudEscalation? _cloud;

    private FleetMachine(IHost silo, InferenceEngine? engine, ModelFileWatch? watch, WarmUp? warmUp, CloudEscalation? cloud, TimeSpan stopLimit, ILogger logger)
    {
        (_silo, _engine, _watch, _warmUp, _cloud, _stopLimit, _logger) = (silo, engine, watch, warmUp, cloud, stopLimit, logger);
        _device = silo.Services.GetService<SiloDevice>();
        Conversations = silo.Services.GetRequiredService<IConversations>();
        Archive = silo.Services.GetRequiredService<IConversationArchive>();
        Fleet = silo.Services.GetRequiredService<IFleet>();
        Device = _device ?? (IDevice)new AnyDevice(silo.Services.GetRequiredService<IDevicePicker>());
    }

    public IConversations Conversations { get; }
    public IConversationArchive Archive { get; }
    public IDevice Device { get; }
    public IFleet Fleet { get; }
    public Task<string> Broken => _watch?.Changed ?? IMachine.Never;

    /// <summary>Where the dashboard finds what it shows.</summary>
    public IServiceProvider Dashboard => _silo.Services;

    /// <param name="settings">How it is set up.</param>
    /// <param name="loggers">Where the log goes.</param>
    /// <param name="onDrained">Called when the device was drained in order to leave.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="ProblemException">The model cannot be loaded.</exception>
    public static async Task<FleetMachine> Start(SiloProcessSettings settings, ILoggerFactory loggers, Action onDrained, CancellationToken cancellationToken)
    {
        var logger = loggers.CreateLogger<FleetMachine>();
        InferenceEngine? engine = null;
        ModelFileWatch? watch = null;
        WarmUp? warmUp = null;
        IHost? silo = null;
        CloudEscalation? cloud = null;
        try
        {
            await CheckRedis(settings, logger);
            LocalDevice? device = null;
            if (settings.Device is { } id)
            {
                var backend = await Task.Run(
                    () => BackendProviders.Choose(settings.Server.BackendName).Load(settings.Server.Backend, loggers.CreateLogger<IModelBackend>(), cancellationToken), cancellationToken);
                watch = ModelFileWatch.Of(settings.Server.Backend, TimeProvider.System);
                engine = new InferenceEngine(backend, settings.Server.Engine, TimeProvider.System, loggers.CreateLogger<InferenceEngine>());
                device = new LocalDevice(engine, new DeviceOptions { DeviceId = id }, TimeProvider.System);
                if (settings.Server.WarmUp)
                {
                    warmUp = device.WarmUp(settings.Server.PinnedPrompts, loggers.CreateLogger<WarmUp>());
                    await warmUp.WaitAWhile(cancellationToken);
                }
            }

            silo = BuildSilo(settings, device, made => cloud = made, loggers);
            silo.Services.GetRequiredService<CloudEndpoints>().MakeAll();
            silo.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(onDrained);
            await silo.StartAsync(cancellationToken);
            return new FleetMachine(silo, engine, watch, warmUp, cloud, settings.Join.Fleet.DrainTimeout + StopSlack, logger);
        }
        catch (Exception error)
        {
            await Dispose(silo);
            if (warmUp is not null)
            {
                await warmUp.DisposeAsync();
            }

            if (engine is not null)
            {
                await engine.DisposeAsync();
            }

            if (watch is not null)
            {
                await watch.DisposeAsync();
            }

            if (cloud is not null)
            {
                await cloud.DisposeAsync();
            }

            if (StartFailure.Explain(error, settings.Join.Redis) is var told && told != error)
            {
                throw told;
            }

            throw;
        }
    }

    /// <summary>Takes no new turns from now on; those that run go on.</summary>
    public void BeginDrain() => _silo.Services.GetRequiredService<SiloDrain>().Begin();

    public DateTimeOffset? HangingSince => _engine?.Status.HangingSince;

    public void BeginStop() => _ = _engine?.BeginStop();

    public async ValueTask DisposeAsync()
    {
        BeginStop(); // the silo waits for its turns
        try
        {
            // Orleans waits longer than it was told to for a Redis that is not there; others notice a silo that has left without a word.
            using var limit = new CancellationTokenSource(_stopLimit);
            await _silo.StopAsync(limit.Token).WaitAsync(_stopLimit + DisposeLimit);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            LogLeft(_logger, error, _stopLimit);
        }
        finally
        {
            await Dispose(_silo);
            if (_warmUp is not null)
            {
                await _warmUp.DisposeAsync();
            }

            if (_engine is not null)
            {
                await _engine.DisposeAsync();
            }

            if (_watch is not null)
            {
                await _watch.DisposeAsync();
            }

            if (_cloud is not null)
            {
                await _cloud.DisposeAsync();
            }
        }
    }

    /// <summary>Orleans' parts may wait for a Redis that is not there; the process ends, and they with it.</summary>
    private static Task Dispose(IHost? silo) => silo is null ? Task.CompletedTask : Task.WhenAny(Task.Run(silo.Dispose).WaitAsync(DisposeLimit, TimeProvider.System));

    /// <exception cref="ProblemException">It may lose conversations, and that is not wanted.</exception>
    private static async Task CheckRedis(SiloProcessSettings settings, ILogger logger)
    {
        var concerns = await RedisDurability.Check(settings.Join.Redis);
        foreach (var concern in concerns)
        {
            if (settings.RequiresDurability)
            {
                throw new ProblemException(ProblemCodes.InvalidRequest($"{string.Join(' ', concerns)} ({FleetSettings.RedisDurability.Option} is 'required')"));
            }

            LogConcern(logger, concern);
        }
    }

    private static IHost BuildSilo(SiloProcessSettings settings, LocalDevice? device, Action<CloudEscalation> cloudMade, ILoggerFactory loggers)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(loggers);

        // What the dashboard's routes want; a web application would have them.
        builder.Services.AddRouting();
        builder.Services.AddSingleton(new DiagnosticListener("Microsoft.AspNetCore"));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.Join.Fleet.DrainTimeout + StopSlack);
        builder.Services.AddSingleton<IFatalErrorHandler, LeaveAtOnce>();
        builder.UseOrleans(silo =>
        {
            var siloPort = settings.SiloPort ?? LocalAddress.ChoosePort(EndpointOptions.DEFAULT_SILO_PORT);
            var gatewayPort = settings.GatewayPort ?? LocalAddress.ChoosePort(EndpointOptions.DEFAULT_GATEWAY_PORT);
            silo.Configure<SiloOptions>(options => options.SiloName = settings.Device ?? $"gateway-{Environment.MachineName}-{siloPort}");
            silo.ConfigureEndpoints(settings.Address, siloPort, gatewayPort, listenOnAnyHostAddress: !System.Net.IPAddress.IsLoopback(settings.Address));
            silo.AddHybridConversations(new SiloSettings
            {
                Fleet = settings.Join.Fleet,
                Device = device is null ? null : _ => device,
                Router = _ => new Router(settings.Server.Routing),
                Escalations = Escalations(settings.Server.Cloud, cloudMade, loggers),
                Escalation = settings.Server.Cloud?.Cloud.Name,
            });
            silo.UseHybridConversationsRedis(settings.Join.Redis);
            if (settings.Join.Security is { } security)
            {
                silo.UseConnectionSecurity(security);
            }
            else if (!System.Net.IPAddress.IsLoopback(settings.Address))
            {
                LogOpen(loggers.CreateLogger<FleetMachine>(), siloPort, gatewayPort, FleetSettings.JoinToken.Option, FleetSettings.TlsCertificate.Option);
            }

            if (settings.Dashboard)
            {
                silo.AddDashboard();
            }
        });
        return builder.Build();
    }

    [LoggerMessage(2, LogLevel.Warning, "{Concern}")]
    private static partial void LogConcern(ILogger logger, string concern);

    [LoggerMessage(3, LogLevel.Warning, "The silo could not leave the fleet in order within {Limit}; the others notice that it is gone")]
    private static partial void LogLeft(ILogger logger, Exception error, TimeSpan limit);

    [LoggerMessage(1, LogLevel.Warning,
        "The ports {SiloPort} and {GatewayPort} are open to the network: whoever reaches them may join the fleet, and read and change every conversation. Guard them with {Token} or {Certificate}, or listen on this machine alone with --address 127.0.0.1.")]
    private static partial void LogOpen(ILogger logger, int siloPort, int gatewayPort, string token, string certificate);

    /// <summary>The endpoint of this process's settings, with the fleet's ledger. Other processes need neither the section nor the key.</summary>
    private static Dictionary<string, EscalationSettings> Escalations(CloudSettings? settings, Action<CloudEscalation> made, ILoggerFactory loggers) => settings is not { } cloud ? [] : new()
    {
        [cloud.Cloud.Name] = new EscalationSettings(
            provider =>
            {
                var escalation = CloudEscalation.Create(cloud.Cloud, "", loggers, ledger: provider.GetRequiredService<ICostLedger>());
                made(escalation);
                return escalation.Escalation;
            },
            cloud.Bridge),
    };
}

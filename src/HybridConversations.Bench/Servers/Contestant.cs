using HybridConversations.Bench.Http;
using HybridConversations.Bench.Reports;

namespace HybridConversations.Bench.Servers;

/// <summary>A server that takes part: found where it runs, or started here and killed at the end.</summary>
internal sealed class Contestant : IAsyncDisposable
{
    private readonly BenchOptions _options;
    private readonly TimeProvider _clock;
    private readonly string? _command;
    private Target? _target;

    public Contestant(string label, Uri url, string? command, BenchOptions options, TimeProvider clock)
    {
        _options = options;
        _clock = clock;
        _command = command;
        Endpoint = new Endpoint(label, url, options.Key, options.Timeout);
        Server = command is null ? null : new OwnedServer(Endpoint, command, clock);
    }

    public Endpoint Endpoint { get; }

    /// <summary>Its process, when it is started here.</summary>
    public OwnedServer? Server { get; }

    /// <summary>What was found; there after <see cref="Open"/>.</summary>
    public Target Target => _target ?? throw new InvalidOperationException($"{Endpoint.Name} has not been opened.");

    /// <summary>Starts it if that is asked for, and finds out what it is.</summary>
    /// <exception cref="TargetException">Nothing answers, or it is not ready.</exception>
    public async Task<Target> Open(CancellationToken cancellationToken)
    {
        if (Server is not null)
        {
            await Server.Start(cancellationToken);
        }
        else if (!await TargetDiscovery.Ready(Endpoint, cancellationToken))
        {
            throw new TargetException($"No server is ready at {Endpoint.Name}. Start it, correct the address, or let --start run it.");
        }

        var found = await TargetDiscovery.Discover(Endpoint, _options.Model, cancellationToken);
        _target = await ExtensionProbe.Check(found with { Temperature = _options.Temperature }, _clock, cancellationToken);
        return _target;
    }

    public TargetReport Describe() =>
        new(Endpoint.Label, Endpoint.Url.ToString(), Target.Kind, Target.Model.Split('/', '\\')[^1], Target.Build, _command);

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }

        Endpoint.Dispose();
    }
}

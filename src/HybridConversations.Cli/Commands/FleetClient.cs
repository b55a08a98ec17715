using System.CommandLine;
using HybridConversations.Cli.Hosting.Fleet;
using HybridConversations.Cli.Settings;
using HybridConversations.Orleans.Hosting;

namespace HybridConversations.Cli.Commands;

/// <summary>The way into the fleet for commands that are no silo themselves.</summary>
internal static class FleetClient
{
    public static Option<int> ConnectSeconds()
    {
        var wait = new Option<int>("--connect-seconds") { Description = "How long to try to get into the fleet. (1 to 3600; default: 30)", HelpName = "N", DefaultValueFactory = _ => 30 };
        wait.Validators.Add(result =>
        {
            if (!int.TryParse(result.Tokens is [var token, ..] ? token.Value : "30", out var seconds) || seconds is < 1 or > 3600)
            {
                result.AddError("'--connect-seconds' must be from 1 to 3600.");
            }
        });
        return wait;
    }

    /// <returns>Null when the fleet does not let it in; that has been said on standard error.</returns>
    public static async Task<IHost?> Connect(JoinSettings join, LogLevel? log, TimeSpan limit, string command, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        Logs.Configure(builder.Logging, log ?? LogLevel.Error);
        builder.UseOrleansClient(client =>
        {
            client.AddHybridConversations(join.Fleet).UseHybridConversationsRedis(join.Redis);
            if (join.Security is { } security)
            {
                client.UseConnectionSecurity(security);
            }
        });

        // Not disposed: where no silo lets it in, a client goes on trying, and waits for itself when it is disposed. The process ends anyway.
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellationToken).WaitAsync(limit, cancellationToken);
            return host;
        }
        catch (Exception error) when (error is not OperationCanceledException and not ProblemException)
        {
            Console.Error.WriteLine(StartFailure.Explain(error, join.Redis) is ProblemException known
                ? $"hc {command}: {known.Message}"
                : $"hc {command}: no silo of the fleet at Redis {join.Redis.Endpoints} lets this process in ({error.Message.ReplaceLineEndings(" ")}) Check {FleetSettings.Redis.Option}, "
                    + $"{FleetSettings.Cluster.Option}, the join token and the certificates, and that a silo runs; {KnownSettings.Log.Option} info says more.");
            return null;
        }
    }
}

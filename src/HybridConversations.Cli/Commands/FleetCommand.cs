using System.CommandLine;

namespace HybridConversations.Cli.Commands;

/// <summary><c>hc fleet</c>: a whole fleet on this machine, and a look at any.</summary>
internal static class FleetCommand
{
    public static Command Create() => new("fleet", "Start a fleet on this machine, or look at one. Without a command it starts.") { FleetStartCommand.Create(), FleetStatusCommand.Create() };
}

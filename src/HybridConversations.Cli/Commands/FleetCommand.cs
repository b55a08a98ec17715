using System.CommandLine;

namespace HybridConversations.Cli.Commands;

/// <summary><c>hc fleet</c>: looks at the fleet.</summary>
internal static class FleetCommand
{
    public static Command Create() => new("fleet", "Look at the fleet.") { FleetStatusCommand.Create() };
}

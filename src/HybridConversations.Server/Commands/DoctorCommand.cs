using System.CommandLine;

namespace HybridConversations.Server.Commands;

internal static class DoctorCommand
{
    public static Command Create() => new("doctor", "Tell what is here, what is missing, and what to do.");
}

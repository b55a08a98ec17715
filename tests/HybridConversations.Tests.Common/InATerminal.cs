using System.Diagnostics;

namespace HybridConversations.Tests.Common;

/// <summary>A process that hears Ctrl-C, as one that a terminal starts does: a script in the background has SIGINT ignored, and what it starts inherits that.</summary>
public static class InATerminal
{
    /// <summary>How to start a program so.</summary>
    public static ProcessStartInfo Of(string program, IEnumerable<string> arguments) =>
        OperatingSystem.IsLinux() ? new ProcessStartInfo("/usr/bin/env", ["--default-signal=INT", program, .. arguments]) : new ProcessStartInfo(program, arguments);
}

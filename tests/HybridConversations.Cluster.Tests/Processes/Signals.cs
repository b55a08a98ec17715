using System.Runtime.InteropServices;

namespace HybridConversations.Cluster.Tests.Processes;

/// <summary>Signals to processes, as a terminal or a supervisor sends them.</summary>
internal static class Signals
{
    public const int Interrupt = 2;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Pause = 19;

    public static void Send(int process, int signal) => _ = kill(process, signal);

#pragma warning disable SYSLIB1054, CA5392 // a test need not be unsafe for one call
    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);
#pragma warning restore SYSLIB1054, CA5392
}

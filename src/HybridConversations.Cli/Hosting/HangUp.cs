using System.Runtime.InteropServices;

namespace HybridConversations.Cli.Hosting;

/// <summary>SIGHUP, which a closed terminal sends: as orderly a stop as SIGTERM. Under nohup it stays ignored.</summary>
internal static class HangUp
{
    public static IDisposable Stops(IHostApplicationLifetime lifetime) => PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
    {
        signal.Cancel = true;
        lifetime.StopApplication();
    });
}

using HybridConversations.Server.Settings;

namespace HybridConversations.Server.Hosting;

/// <summary>The composition of one machine: backend, engine, device, storage, routing, conversations.</summary>
internal static class OneMachine
{
    /// <summary>Loads the model and opens the data folder.</summary>
    /// <exception cref="ProblemException">The model cannot be loaded, or the folder cannot be used.</exception>
    public static Task<IMachine> Start(ServerSettings settings, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        throw new ProblemException(ProblemCodes.Unready("The engine is not part of this build yet.", 1000));
}

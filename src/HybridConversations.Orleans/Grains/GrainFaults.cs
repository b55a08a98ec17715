using Microsoft.Extensions.Logging;

namespace HybridConversations.Orleans.Grains;

/// <summary>
/// A fault in a grain is a problem by its type, as it leaves: its caller must be able to tell a call that failed from one that was lost, which another silo would carry out.
/// Orleans brings exceptions as they were thrown, and throws the same types where a connection or a silo ends.
/// </summary>
internal sealed partial class GrainFaults(ILogger<GrainFaults> logger, ILocalSiloDetails here) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Grain.GetType().Assembly != typeof(GrainFaults).Assembly)
        {
            await context.Invoke();
            return;
        }

        try
        {
            await context.Invoke();
        }
        catch (Exception error) when (IsFault(error))
        {
            throw Told(error, context);
        }

        // What a stream throws is no exception of the call that asks for its next items, but the answer to it.
        if (context.Result is (EnumerationResult.Error, Exception thrown) && IsFault(thrown))
        {
            context.Result = (EnumerationResult.Error, (object)Told(thrown, context));
        }
    }

    /// <summary>What grain code throws when it is wrong; a loss that it met itself stays one, and what it waited for in vain as well.</summary>
    private static bool IsFault(Exception error) => error is not (ProblemException or OperationCanceledException or OrleansException or TimeoutException or IOException or ObjectDisposedException
        or EnumerationAbortedException or TypeLoadException);

    private ProblemException Told(Exception error, IIncomingGrainCallContext context)
    {
        var reference = Guid.NewGuid().ToString("N")[..8];
        LogFault(error, context.InterfaceName, context.MethodName, reference);
        return new ProblemException(new Problem(ProblemCodes.Internal, 500, $"A fault inside ended the call; the log of silo '{here.Name}' has it under reference {reference}."), error);
    }

    [LoggerMessage(340, LogLevel.Error, "A fault in {Interface}.{Method} was told under reference {Reference}")]
    private partial void LogFault(Exception error, string @interface, string method, string reference);
}

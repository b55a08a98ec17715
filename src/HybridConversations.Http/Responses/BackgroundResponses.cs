using HybridConversations.Http.Items;
using HybridConversations.Http.Keys;

namespace HybridConversations.Http.Responses;

/// <summary>Responses that go on whether their client stays or leaves (<c>background: true</c>), until they end or the server does. Thread-safe.</summary>
internal sealed partial class BackgroundResponses(OpenTurns openTurns, ResponseLogs logs, HttpLimits limits, TimeProvider time, ILogger<BackgroundResponses> logger)
{
    /// <summary>Begins one; returns when its turn is on record.</summary>
    /// <exception cref="ProblemException">It is refused.</exception>
    public async Task<ResponseLog> Begin(TenantActors actors, ResponseRequest request)
    {
        var open = openTurns.Enter(CancellationToken.None);
        var begun = new TaskCompletionSource<ResponseLog>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = Run(actors, request, open, begun);
        return await begun.Task;
    }

    private async Task Run(TenantActors actors, ResponseRequest request, OpenTurn open, TaskCompletionSource<ResponseLog> begun)
    {
        var log = new ResponseLog();
        ResponseId? id = null;
        try
        {
            var run = new ResponseRun(actors, limits, time);
            await foreach (var e in run.Events(request, CancellationToken.None, open.Token))
            {
                if (e is null)
                {
                    continue;
                }

                log.Add(e);
                if (id is null && run.Stored is { } stored)
                {
                    id = stored;
                    logs.Add(actors.Caller, stored, log);
                    begun.TrySetResult(log);
                }
            }
        }
        catch (Exception error) when (begun.TrySetException(error))
        {
            // Whoever asked for it is told.
        }
        catch (OperationCanceledException)
        {
            // The server ends; the record says how far it came.
        }
        catch (Exception error)
        {
            LogFault(error);
        }
        finally
        {
            open.Dispose();
            log.End();
            if (id is { } ended)
            {
                logs.End(actors.Caller, ended);
            }
        }
    }

    [LoggerMessage(720, LogLevel.Error, "A response in the background ended with a fault.")]
    private partial void LogFault(Exception error);
}

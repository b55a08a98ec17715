using System.Runtime.CompilerServices;

namespace HybridConversations.Inference.Engine;

/// <summary>A request on its way through the engine, as its caller sees it.</summary>
public sealed class Generation
{
    private readonly TaskCompletionSource<GenerationResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action _wake;
    private volatile bool _cancelled;

    internal Generation(GenerationRequest request, long acceptedAt, Action wake)
    {
        Request = request;
        AcceptedAt = acceptedAt;
        _wake = wake;
    }

    /// <summary>What was asked for.</summary>
    public GenerationRequest Request { get; }

    /// <summary>Completes when the engine is done with it; faults with <see cref="ProblemException"/> when it was refused.</summary>
    public Task<GenerationResult> Completion => _completion.Task;

    internal ReplyBuffer Output { get; } = new();

    /// <summary>Timestamp of the engine's clock.</summary>
    public long AcceptedAt { get; }
    internal bool Cancelled => _cancelled;

    /// <summary>Ends it within one step. What was generated stays readable; <see cref="Completion"/> says <see cref="FinishReason.Interrupted"/>.</summary>
    public void Cancel()
    {
        if (!_cancelled && !_completion.Task.IsCompleted)
        {
            _cancelled = true;
            _wake();
        }
    }

    /// <summary>
    /// The reply's pieces as they come, whole characters each. Cancelling, or leaving the loop, cancels the generation.
    /// Throws <see cref="ProblemException"/> when the request was refused. One reader.
    /// </summary>
    public async IAsyncEnumerable<DeviceText> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var registration = cancellationToken.UnsafeRegister(static self => ((Generation)self!).Cancel(), this);
        try
        {
            while (await Output.WaitToReadAsync())
            {
                cancellationToken.ThrowIfCancellationRequested();
                var (text, logProbs) = Output.Take();
                yield return new DeviceText(text, logProbs);
            }

            await Completion;
            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            Cancel();
            Output.Release();
        }
    }

    internal void Finish(GenerationResult result)
    {
        _completion.TrySetResult(result);
        Output.End();
    }

    internal void Refuse(Exception reason)
    {
        _completion.TrySetException(reason);
        _ = _completion.Task.Exception; // observed: a caller that left does not read it
        Output.End();
    }
}

using System.Runtime.CompilerServices;
using HybridConversations.Escalations;

namespace HybridConversations.Cluster.Tests.InProcess;

/// <summary>A cloud that says what a test tells it.</summary>
internal sealed class ScriptedCloud : ILocalEscalation
{
    private readonly TaskCompletionSource _status = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _rest = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _asked;
    private int _open;
    private int _recalled;

    /// <summary>Says nothing.</summary>
    public bool Hold { get; set; }
    public bool Fails { get; set; }

    /// <summary>Stops after the first piece until <see cref="GoOn"/>.</summary>
    public bool Pauses { get; set; }

    /// <summary>Its status never comes.</summary>
    public bool Silent { get; set; }
    public int Asked => Volatile.Read(ref _asked);
    public int Open => Volatile.Read(ref _open);
    public int Recalled => Volatile.Read(ref _recalled);
    public EscalationRequest? LastRequest { get; private set; }
    public string? Unavailable { get; set; }

    public EscalationOutlook Outlook => new() { Endpoint = "cloud", InFlight = Open, Unavailable = Unavailable, SpentThisMonth = 1.5m };

    public void GoOn() => Interlocked.Exchange(ref _rest, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    public async IAsyncEnumerable<EscalationEvent> Ask(EscalationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        LastRequest = request;
        Interlocked.Increment(ref _asked);
        Interlocked.Increment(ref _open);
        try
        {
            await Task.Yield();
            if (Fails)
            {
                throw new ProblemException(new Problem(ProblemCodes.BudgetSpent, 402, "The budget of this month is spent."));
            }

            await Task.Delay(Hold ? Timeout.Infinite : 0, cancellationToken);
            yield return new EscalationText("from the cloud: ");
            if (Pauses)
            {
                await Volatile.Read(ref _rest).Task.WaitAsync(cancellationToken);
            }

            yield return new EscalationText(request.Messages[^1].Content);
            yield return new EscalationFinished("cloud", FinishReason.Stop, 5, 4, 0, 0.01m);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    public async ValueTask<EscalationStatus> Status(string tenant, CancellationToken cancellationToken = default)
    {
        if (Silent)
        {
            await _status.Task.WaitAsync(cancellationToken);
        }

        return Outlook.For(tenant);
    }

    public ValueTask Recall(CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _recalled);
        return default;
    }
}

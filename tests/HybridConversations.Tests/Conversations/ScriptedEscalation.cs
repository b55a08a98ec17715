using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using HybridConversations.Escalations;

namespace HybridConversations.Tests.Conversations;

/// <summary>A cloud endpoint that does what a test says.</summary>
public sealed class ScriptedEscalation : ILocalEscalation
{
    private readonly ConcurrentQueue<EscalationRequest> _requests = new();

    /// <summary>What it answers: text pieces; calls; an exception where it shall be thrown; the end is added unless <see cref="BreaksOff"/>.</summary>
    public IReadOnlyList<object> Reply { get; set; } = ["From the ", "cloud."];

    public FinishReason FinishReason { get; set; } = FinishReason.Stop;

    /// <summary>Ends without a finish event.</summary>
    public bool BreaksOff { get; set; }

    public IReadOnlyCollection<EscalationRequest> Requests => _requests;

    public async IAsyncEnumerable<EscalationEvent> Ask(EscalationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        _requests.Enqueue(request);
        foreach (var item in Reply)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return item is Exception error ? throw error : item is ToolCall call ? new EscalationToolCall(call) : new EscalationText((string)item);
        }

        if (!BreaksOff)
        {
            yield return new EscalationFinished("test-cloud", FinishReason, 100, 7, 20, 0.01m);
        }
    }

    public EscalationOutlook Outlook { get; set; } = new() { Endpoint = "test-cloud" };

    public ValueTask<EscalationStatus> Status(string tenant, CancellationToken cancellationToken = default) => new(Outlook.For(tenant));

    public ValueTask Recall(CancellationToken cancellationToken = default) => default;
}

using System.Runtime.CompilerServices;

namespace HybridConversations.Http.Keys;

/// <summary>A device as a tenant may use it: its KV is kept apart from that of others, and its tokens are counted.</summary>
internal sealed class TenantDevice(IDevice device, Caller caller, TokenRates rates) : IDevice
{
    public async IAsyncEnumerable<DeviceEvent> Generate(DeviceRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (rates.Refusal(caller.Account) is { } refusal)
        {
            throw new ProblemException(refusal);
        }

        long used = 0;
        try
        {
            await foreach (var e in device.Generate(request with { Tenant = caller.Account }, cancellationToken))
            {
                // A piece is a token at least; the end says how many there were.
                used = e is DeviceFinished finished ? finished.Usage.PromptTokens + finished.Usage.CompletionTokens : used + 1;
                yield return e;
            }
        }
        finally
        {
            rates.Use(caller.Account, used);
        }
    }

    public Task Listen(DeviceRequest draft, bool speculate, CancellationToken cancellationToken = default) => device.Listen(draft, speculate, cancellationToken);

    public Task Forget(string conversationId, CancellationToken cancellationToken = default) => device.Forget(conversationId, cancellationToken);

    public ValueTask<DeviceStatus> Status(CancellationToken cancellationToken = default) => device.Status(cancellationToken);
}

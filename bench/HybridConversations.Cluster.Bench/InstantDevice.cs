using System.Runtime.CompilerServices;

namespace HybridConversations.Cluster.Bench;

/// <summary>A device that needs no time for its tokens, so that what is measured is everything else. Each token is one of its own, as a real device's are.</summary>
internal sealed class InstantDevice(string id) : IDevice
{
    public async IAsyncEnumerable<DeviceEvent> Generate(DeviceRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var tokens = request.Sampling.MaxTokens ?? 1;
        for (var i = 0; i < tokens; i++)
        {
            await Task.Yield(); // a token that is ready at once would share its message with others
            yield return new DeviceText(" word");
        }

        yield return new DeviceFinished(id, FinishReason.Stop, new TokenUsage(10, tokens, 0, 10), new TurnTimings(0, 0, 0), 0);
    }

    public Task Listen(DeviceRequest draft, bool speculate, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task Forget(string conversationId, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public ValueTask<DeviceStatus> Status(CancellationToken cancellationToken = default) => new(new DeviceStatus
    {
        DeviceId = id,
        State = DeviceState.Ready,
        Model = new ModelStatus("instant", new string('0', 64), "instant", 1, 4096),
        Load = new DeviceLoad(0, 0, 1000, 0, 1000, 0, 1 << 20, 0),
        Profile = new DeviceProfile(1, 100_000, 1000),
    });
}

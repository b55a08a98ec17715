using System.Runtime.CompilerServices;
using HybridConversations.Conversations;
using HybridConversations.Storage;

namespace HybridConversations.Cli.Hosting.Fleet;

/// <summary>The device of a gateway, for requests that belong to no conversation (<c>/v1</c>): whichever would be done soonest.</summary>
internal sealed class AnyDevice(IDevicePicker devices) : IDevice
{
    private static readonly ConversationHead Nobody = new() { Id = "" };

    public async IAsyncEnumerable<DeviceEvent> Generate(DeviceRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var text = request.Messages.Count > 0 ? request.Messages[^1].Content : "";
        var device = await devices.Pick(Nobody, new Turn { TurnId = "request", Text = text, Priority = request.Priority }, cancellationToken);
        await foreach (var e in device.Generate(request, cancellationToken))
        {
            yield return e;
        }
    }

    public Task Listen(DeviceRequest draft, bool speculate, CancellationToken cancellationToken = default) =>
        throw new ProblemException(ProblemCodes.InvalidRequest("Only a conversation can listen."));

    public Task Forget(string conversationId, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public async ValueTask<DeviceStatus> Status(CancellationToken cancellationToken = default)
    {
        var device = await devices.Pick(Nobody, new Turn { TurnId = "status", Text = "" }, cancellationToken);
        return await device.Status(cancellationToken);
    }
}

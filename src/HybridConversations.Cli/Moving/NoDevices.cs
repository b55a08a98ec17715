using HybridConversations.Conversations;
using HybridConversations.Conversations.Forgetting;
using HybridConversations.Storage;

namespace HybridConversations.Cli.Moving;

/// <summary>Of conversations that are only written: nobody answers, and nobody remembers.</summary>
internal sealed class NoDevices : IDevicePicker, IDeviceMemories
{
    public ValueTask<IDevice> Pick(ConversationHead head, Turn turn, CancellationToken cancellationToken = default) =>
        throw new ProblemException(ProblemCodes.InvalidRequest("No device is here."));

    public Task<IReadOnlyList<string>> Owe(ConversationHead head) => Task.FromResult<IReadOnlyList<string>>([]);

    public Task<Deletion> Settle(string conversationId, IReadOnlyList<string> devices) => Task.FromResult(new Deletion([], []));
}

using HybridConversations.Cloud;
using HybridConversations.Escalations.Settings;
using HybridConversations.Routing;
using HybridConversations.Tests.Common;

namespace HybridConversations.Tests.Conversations;

/// <summary>A private turn never leaves the device: watched at the socket of the cloud, with the real router and the real SDK.</summary>
public sealed class PrivateTurnTests : ConversationFixture
{
    private const string Hard = "um write me a python script that renames all my photos by the date they were taken";

    private readonly TemporaryFolder _ledger = new();

    [Fact]
    public async Task No_byte_of_a_private_turn_reaches_the_cloud_and_the_next_open_turn_shows_that_it_could()
    {
        await using var socket = new ConnectionCounter();
        await using var cloud = CloudEscalation.Create(
            new CloudOptions { Name = "watched", Kind = CloudKind.Compatible, BaseAddress = socket.BaseAddress, Model = "any", Authentication = CloudAuthentication.None }, _ledger.Path);
        (Endpoint, Router) = (cloud.Escalation, new Router());
        Device.Script = _ => ["From the device."];

        Turn[] secrets =
        [
            Turn(Hard, "hard") with { Private = true },
            Turn(Hard, "demanded") with { Private = true, Think = ThinkMode.Cloud },
            Turn(Hard, "alone") with { Private = true, Think = ThinkMode.Cloud, AllowFallback = false },
            Turn("ask the cloud to think hard about my diagnosis", "asked") with { Private = true },
            Turn("keep this private and " + Hard, "spoken"),
            Turn("don't send this to the cloud but " + Hard, "forbidden") with { Think = ThinkMode.Cloud },
        ];
        foreach (var secret in secrets)
        {
            Assert.Equal("From the device.", (await Conversation.Say(secret).ToList()).Completed().Text);
        }

        // A device that cannot answer is no reason either: the turn fails closed.
        Device.Refusal = new ProblemException(ProblemCodes.Overload("The device is full.", 1000));
        Assert.Equal(ProblemCodes.Overloaded, (await Conversation.Say(Turn(Hard, "refused") with { Private = true, Think = ThinkMode.Cloud }).ToList()).Failed().Code);

        Assert.Equal((0, 0L), (socket.Connections, socket.Bytes));

        // The same words without the wish do go out: the socket would have seen them. It never answers, so the caller leaves.
        using var leave = new CancellationTokenSource();
        var open = Task.Run(() => Conversation.Say(Turn(Hard, "open") with { Think = ThinkMode.Cloud }, leave.Token).ToList());
        await socket.WaitForConnection();
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => open);
    }
}

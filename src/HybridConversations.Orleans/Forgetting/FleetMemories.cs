using HybridConversations.Conversations.Forgetting;
using HybridConversations.Orleans.Contracts;
using HybridConversations.Orleans.Fleet;
using HybridConversations.Orleans.Storage;
using HybridConversations.Storage;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Orleans.Forgetting;

/// <summary>
/// The memories of all devices of the fleet. What they owe to forget is on record before a history is deleted, so that neither a silo that dies nor a device that
/// is off leaves a trace: whoever does not answer now does it when it is back (<see cref="OwedForgetting"/>).
/// </summary>
internal sealed partial class FleetMemories(IHolders holders, FleetDirectory fleet, IGrainFactory grains, TimeProvider time, ILogger<FleetMemories> logger, SiloDevice? own = null)
    : IDeviceMemories
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<string>> Owe(ConversationHead head)
    {
        try
        {
            // A device of the release before does not put itself on record.
            var devices = (await holders.Of(head.Id)).Concat(head.Kv is { } kv ? [kv.DeviceId] : []).Distinct(StringComparer.Ordinal).ToList();
            await holders.Owe(head.Id, devices);
            return devices;
        }
        catch (Exception error) when (error is not ProblemException)
        {
            throw new ProblemException(
                ProblemCodes.Unstored(
                    "That devices must forget the conversation could not be put on record, so nothing was deleted. Check that Redis runs and can be reached, then send the same request again.",
                    retryAfterMs: 2000),
                error);
        }
    }

    public async Task<Deletion> Settle(string conversationId, IReadOnlyList<string> devices)
    {
        var done = await Task.WhenAll(devices.Select(device => Forget(conversationId, device)));
        try
        {
            await holders.Remove(conversationId);
        }
        catch (Exception error)
        {
            LogNotRemoved(error, conversationId); // names devices that have forgotten; the next deletion of this id removes it
        }

        return new Deletion([.. devices.Where((_, i) => done[i])], [.. devices.Where((_, i) => !done[i])]);
    }

    private async Task<bool> Forget(string conversationId, string device)
    {
        try
        {
            if (own?.Id == device)
            {
                await own.Forget(conversationId);
            }
            else if (fleet.Member(device) is null)
            {
                return false; // it is off; whether this silo has heard of it lately says nothing, in a large fleet it hears of a sample
            }
            else
            {
                await grains.GetGrain<IDeviceGrain>(device).Forget(conversationId).WaitAsync(Limit, time);
            }

            await holders.Settle(conversationId, device);
            return true;
        }
        catch (Exception error)
        {
            LogOwed(error, device, conversationId);
            return false;
        }
    }

    [LoggerMessage(370, LogLevel.Information, "Device {Device} did not answer and has to forget conversation {Conversation} when it is back")]
    private partial void LogOwed(Exception error, string device, string conversation);

    [LoggerMessage(371, LogLevel.Warning, "Which devices held conversation {Conversation} is still on record")]
    private partial void LogNotRemoved(Exception error, string conversation);
}

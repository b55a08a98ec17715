using System.Net;
using System.Net.Sockets;

namespace HybridConversations.Orleans.Fleet;

/// <summary>
/// A device's id belongs to one silo. Before it joins, a silo looks whether another one of its name is in the membership and answers at its address; then it does
/// not start. One that is listed and does not answer has died and will be declared dead; one at this very address was this device before it was restarted.
/// Where a whole fleet starts again after it was killed, another process may answer at a dead one's address before its own entry has taken the dead one's place:
/// so it looks again for a while. When it has joined it looks once more: two may have started in the same moment.
/// </summary>
internal sealed class DeviceNameClaim(IMembershipTable table, ILocalSiloDetails silo, TimeProvider time) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(DeviceNameClaim), ServiceLifecycleStage.RuntimeInitialize, Claim, _ => Task.CompletedTask);
        lifecycle.Subscribe(nameof(DeviceNameClaim), ServiceLifecycleStage.Active, Confirm, _ => Task.CompletedTask);
    }

    private async Task Claim(CancellationToken cancellationToken)
    {
        await table.InitializeMembershipTableAsync(true, cancellationToken);
        for (var began = time.GetTimestamp(); await Holder(cancellationToken) is { } holder; await Task.Delay(Period, time, cancellationToken))
        {
            if (time.GetElapsedTime(began) > Patience)
            {
                throw Held(holder);
            }
        }
    }

    /// <summary>
    /// Two that start in the same moment find nobody before they join. Behind that the later one leaves; the earlier one waits until it has, and leaves itself where the other had looked
    /// before it was there to be found.
    /// </summary>
    private async Task Confirm(CancellationToken cancellationToken)
    {
        for (var began = time.GetTimestamp(); await Holder(cancellationToken) is { } holder && await Own(cancellationToken) is { } own; await Task.Delay(Period, time, cancellationToken))
        {
            var isEarlier = (holder.StartTime, holder.SiloAddress.ToParsableString()).CompareTo((own.StartTime, own.SiloAddress.ToParsableString())) < 0;
            if (isEarlier || time.GetElapsedTime(began) > Patience)
            {
                throw Held(holder);
            }
        }
    }

    private ProblemException Held(MembershipEntry holder) => new(ProblemCodes.InvalidRequest(
        $"'{silo.Name}' is in the fleet already: {holder.SiloAddress.Endpoint} on {holder.HostName} has that id since {holder.StartTime:u}. "
        + "Two machines cannot be one device: give this one another --device id, or stop that one first."));

    private async Task<MembershipEntry?> Own(CancellationToken cancellationToken) =>
        (await table.ReadAllAsync(cancellationToken)).Members.Select(member => member.Item1).FirstOrDefault(member => member.SiloAddress.Equals(silo.SiloAddress));

    /// <summary>Who has this silo's name and answers; null where nobody does.</summary>
    private async Task<MembershipEntry?> Holder(CancellationToken cancellationToken)
    {
        foreach (var (member, _) in (await table.ReadAllAsync(cancellationToken)).Members)
        {
            if (member.SiloName == silo.Name && member.Status is SiloStatus.Joining or SiloStatus.Active
                && !member.SiloAddress.Endpoint.Equals(silo.SiloAddress.Endpoint) && await Answers(member.SiloAddress.Endpoint, cancellationToken))
            {
                return member;
            }
        }

        return null;
    }

    private static async Task<bool> Answers(IPEndPoint silo, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerLimit);
        using var socket = new Socket(silo.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(silo, limit.Token);
            return true;
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }
}

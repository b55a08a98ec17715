using System.Net;
using System.Net.Sockets;

namespace HybridConversations.Orleans.Fleet;

/// <summary>
/// A device's id belongs to one silo. Before it joins, a silo looks whether another one of its name is in the membership and answers at its address; then it does
/// not start. One that is listed and does not answer has died and will be declared dead; one at this very address was this device before it was restarted.
/// </summary>
internal sealed class DeviceNameClaim(IMembershipTable table, ILocalSiloDetails silo) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(DeviceNameClaim), ServiceLifecycleStage.RuntimeInitialize, Claim, _ => Task.CompletedTask);

    private async Task Claim(CancellationToken cancellationToken)
    {
        await table.InitializeMembershipTableAsync(true, cancellationToken);
        foreach (var (member, _) in (await table.ReadAllAsync(cancellationToken)).Members)
        {
            if (member.SiloName == silo.Name && member.Status is SiloStatus.Joining or SiloStatus.Active
                && !member.SiloAddress.Endpoint.Equals(silo.SiloAddress.Endpoint) && await Answers(member.SiloAddress.Endpoint, cancellationToken))
            {
                throw new ProblemException(ProblemCodes.InvalidRequest(
                    $"'{silo.Name}' is in the fleet already: {member.SiloAddress.Endpoint} on {member.HostName} has that id since {member.StartTime:u}. "
                    + "Two machines cannot be one device: give this one another --device id, or stop that one first."));
            }
        }
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

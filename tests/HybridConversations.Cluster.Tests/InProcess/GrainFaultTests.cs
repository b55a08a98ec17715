using HybridConversations.Orleans.Contracts;
using HybridConversations.Orleans.Fleet;

namespace HybridConversations.Cluster.Tests.InProcess;

/// <summary>Whoever calls a grain tells its faults from losses by their types, whatever was thrown there.</summary>
public sealed class GrainFaultTests
{
    public static TheoryData<Exception> Faults => [new InvalidOperationException("Sequence contains no elements"), new ArgumentException("Wrong."), new NotSupportedException("Never.")];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_of_a_call_is_no_loss(Exception fault)
    {
        await using var fleet = await TestFleet.Start(1);
        fleet.Device("Silo_0").ForgetFault = fault;

        var told = await Assert.ThrowsAsync<ProblemException>(() => Device(fleet).Forget("c"));

        Assert.Equal((ProblemCodes.Internal, false), (told.Problem.Code, ClusterProblems.IsLoss(told)));
        Assert.Contains("'Silo_0'", told.Problem.Detail);
        Assert.DoesNotContain(fault.Message, told.Problem.Detail);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_in_the_middle_of_a_stream_is_no_loss(Exception fault)
    {
        await using var fleet = await TestFleet.Start(1);
        (fleet.Device("Silo_0").Pieces, fleet.Device("Silo_0").Pace) = (3, (piece, _) => piece == 2 ? throw fault : Task.CompletedTask);

        var told = await Assert.ThrowsAsync<ProblemException>(async () =>
        {
            await foreach (var _ in Device(fleet).Generate(new DeviceRequest { ConversationId = "c", Messages = [new ChatMessage("user", "hello")] }))
            {
                // The first pieces come as always.
            }
        });

        Assert.Equal((ProblemCodes.Internal, false), (told.Problem.Code, ClusterProblems.IsLoss(told)));
    }

    [Fact]
    public async Task What_a_grain_itself_lost_is_told_as_a_loss()
    {
        await using var fleet = await TestFleet.Start(1);
        fleet.Device("Silo_0").ForgetFault = new TimeoutException("Nobody answered.");
        Assert.True(ClusterProblems.IsLoss(await Assert.ThrowsAnyAsync<Exception>(() => Device(fleet).Forget("c"))));
    }

    private static IDeviceGrain Device(TestFleet fleet) => fleet.Cluster.Client.GetGrain<IDeviceGrain>("Silo_0");
}

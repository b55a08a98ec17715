using System.Diagnostics;

namespace HybridConversations.Cluster.Tests.InProcess;

/// <summary>One trace from whoever talks over the conversation's grain to the device, on whichever silos they are.</summary>
public sealed class TraceTests
{
    [Fact]
    public async Task A_trace_goes_along_to_the_grain_and_to_the_device()
    {
        var turns = new List<Activity>();
        using var source = new ActivitySource("trace test");
        using var listener = new ActivityListener
        {
            ShouldListenTo = heard => heard.Name is "trace test" or Observability.Meters.House,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (turns)
                {
                    turns.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var fleet = await TestFleet.Start(2);
        var traces = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            using var caller = source.StartActivity("caller")!;
            traces.Add(caller.TraceId.ToHexString());
            await fleet.Conversations.Get($"c{i}").All(new Turn { TurnId = "t", Text = "hello", Device = $"Silo_{i % 2}" });
            Assert.Equal(caller.TraceId.ToHexString(), ActivityContext.Parse(fleet.Device($"Silo_{i % 2}").TraceParent!, null).TraceId.ToHexString());
        }

        // Which silo hosts a conversation is Orleans' choice: of six, some are beside their device and some are not.
        lock (turns)
        {
            Assert.All(traces, trace => Assert.Single(turns, span => span.OperationName == "turn" && span.TraceId.ToHexString() == trace));
        }
    }
}

using System.Diagnostics;
using HybridConversations.Conversations;
using HybridConversations.InProcess;
using HybridConversations.Observability;
using HybridConversations.Storage;
using HybridConversations.Tests.Common;

namespace HybridConversations.Tests.Observability;

/// <summary>What spans of turns say, and what they keep to themselves.</summary>
public sealed class TurnSpanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<Activity> _spans = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, false, null, null)]
    [InlineData(true, false, """[{"role":"user","parts":[{"type":"text","content":"The pear tree"}]}]""", """[{"role":"assistant","parts":[{"type":"text","content":"I see."}]}]""")]
    [InlineData(true, true, null, null)]
    public async Task Words_are_in_a_span_only_where_they_are_asked_for_and_the_turn_is_not_private(bool asked, bool isPrivate, string? input, string? output)
    {
        var span = await SpanOf(new Turn { TurnId = $"{asked}-{isPrivate}", Text = "The pear tree", Private = isPrivate }, asked);
        Assert.Equal((input, output), (span.GetTagItem("gen_ai.input.messages"), span.GetTagItem("gen_ai.output.messages")));
        Assert.Equal((isPrivate, "completed"), (span.GetTagItem("hc.private"), span.GetTagItem("hc.turn.state")));
    }

    private async Task<Activity> SpanOf(Turn turn, bool asked)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Meters.House,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (_spans)
                {
                    _spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        var device = new ScriptedDevice { Script = _ => ["I see."] };
        await using var store = SqliteConversationStore.OpenFolder(new SqliteStoreOptions { Folder = _folder.Path });
        await using var conversations = new InProcessConversations(store, new ConversationServices
        {
            Devices = new SingleDevicePicker(device),
            Memories = new SingleDeviceMemory(device),
            Options = new ConversationOptions { TraceContent = asked },
        });
        await foreach (var _ in conversations.Get("spans").Say(turn))
        {
        }

        lock (_spans)
        {
            return Assert.Single(_spans, span => Equals(span.GetTagItem("hc.turn.id"), turn.TurnId));
        }
    }
}

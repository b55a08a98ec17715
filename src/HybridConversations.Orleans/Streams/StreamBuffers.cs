namespace HybridConversations.Orleans.Streams;

/// <summary>Relays for the streams that there are.</summary>
internal static class StreamBuffers
{
    /// <summary>Characters that may wait, unless told otherwise: longer than any reply of a voice conversation.</summary>
    public const int DefaultCapacity = 1 << 20;

    /// <summary>For what a conversation says.</summary>
    public static StreamBuffer<ReplyEvent> OfReply() => new(
        e => e switch
        {
            ReplyText text => text.Text.Length,
            ReplyReasoning thought => thought.Text.Length,
            ReplyToolCall call => call.Arguments.Length,
            _ => 0,
        },
        (before, e) => (before, e) switch
        {
            (ReplyText one, ReplyText two) => new ReplyText(one.Text + two.Text),
            (ReplyReasoning one, ReplyReasoning two) => new ReplyReasoning(one.Text + two.Text),
            _ => null,
        });

    /// <summary>For what a device says.</summary>
    public static StreamBuffer<DeviceEvent> OfDevice() => new(
        e => e switch
        {
            DeviceText text => text.Text.Length,
            DeviceReasoning thought => thought.Text.Length,
            DeviceToolArguments piece => piece.Text.Length,
            _ => 0,
        },
        (before, e) => (before, e) switch
        {
            (DeviceText { LogProbs: null } one, DeviceText { LogProbs: null } two) => new DeviceText(one.Text + two.Text),
            (DeviceReasoning one, DeviceReasoning two) => new DeviceReasoning(one.Text + two.Text),
            (DeviceToolArguments { IsEnd: false } one, DeviceToolArguments two) when one.Index == two.Index => two with { Text = one.Text + two.Text },
            _ => null,
        });
}

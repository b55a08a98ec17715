namespace HybridConversations.Orleans.Streams;

/// <summary>Relays for the streams that there are.</summary>
internal static class StreamRelays
{
    /// <summary>Characters that may wait, unless told otherwise: longer than any reply of a voice conversation.</summary>
    public const int DefaultCapacity = 1 << 20;

    /// <summary>For what a conversation says.</summary>
    public static StreamRelay<ReplyEvent> OfReply() => new(
        e => e is ReplyText text ? text.Text.Length : 0,
        (before, e) => (before, e) is (ReplyText one, ReplyText two) ? new ReplyText(one.Text + two.Text) : null);

    /// <summary>For what a device says.</summary>
    public static StreamRelay<DeviceEvent> OfDevice() => new(
        e => e is DeviceText text ? text.Text.Length : 0,
        (before, e) => (before, e) is (DeviceText { LogProbs: null } one, DeviceText { LogProbs: null } two) ? new DeviceText(one.Text + two.Text) : null);
}

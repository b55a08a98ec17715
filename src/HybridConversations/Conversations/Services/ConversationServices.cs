using HybridConversations.Escalations.Bridging;
using HybridConversations.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Conversations;

/// <summary>What all conversations of a host share.</summary>
public sealed record ConversationServices
{
    public required IDevicePicker Devices { get; init; }
    public IRouter Router { get; init; } = new LocalRouter();

    /// <summary>The cloud; null when none is configured.</summary>
    public IEscalation? Escalation { get; init; }

    /// <summary>What a voice says while the cloud thinks; null for nothing.</summary>
    public Bridge? Bridge { get; init; }
    public ConversationOptions Options { get; init; } = new();
    public TimeProvider Time { get; init; } = TimeProvider.System;
    public ILogger<Conversation> Logger { get; init; } = NullLogger<Conversation>.Instance;
}

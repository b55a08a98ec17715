using HybridConversations.Conversations.Forgetting;
using HybridConversations.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Conversations;

/// <summary>What all conversations of a host share.</summary>
public sealed record ConversationServices
{
    /// <summary>Finds the device for a turn.</summary>
    public required IDevicePicker Devices { get; init; }

    /// <summary>What devices hold of conversations, to be forgotten with them.</summary>
    public required IDeviceMemories Memories { get; init; }

    /// <summary>Decides who answers.</summary>
    public IRouter Router { get; init; } = new LocalRouter();

    /// <summary>Chooses the cloud endpoint; null when there is no cloud at all.</summary>
    public IEscalationPicker? Escalations { get; init; }

    /// <summary>Counts the turns of all of them.</summary>
    public RunningTurns Running { get; init; } = new();

    /// <summary>Bounds and defaults.</summary>
    public ConversationOptions Options { get; init; } = new();

    /// <summary>Now.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where it logs.</summary>
    public ILogger<Conversation> Logger { get; init; } = NullLogger<Conversation>.Instance;
}

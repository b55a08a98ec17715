using HybridConversations.Conversations.Archive;

namespace HybridConversations.Http;

/// <summary>Whom the API talks to. Any member may throw <see cref="ProblemException"/> (<c>not-ready</c>) while it is not there yet.</summary>
public interface IActors
{
    /// <summary>All conversations.</summary>
    IConversations Conversations { get; }

    /// <summary>The same, for whoever only looks.</summary>
    IConversationArchive Archive => new ListedArchive(Conversations);

    /// <summary>The device that answers what belongs to no conversation (<c>/v1</c>).</summary>
    IDevice Device { get; }

    /// <summary>Who is there.</summary>
    IFleet Fleet { get; }

    /// <summary>Lets something else on a device's board have the GPU; null where no device can hold back.</summary>
    IDeviceTruce? Truce => null;

    /// <summary>When this process's own engine began a step that has not come back within its limit; null where none hangs, or where there is none.</summary>
    DateTimeOffset? HangingSince => null;
}

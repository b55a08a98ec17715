namespace HybridConversations.Inference.Replies;

/// <summary>Takes a reply apart as it comes: text, thoughts, calls. Holds back what may be the beginning of a mark. Not thread-safe.</summary>
public interface IReplyReader
{
    /// <summary>Calls that have come whole.</summary>
    int Calls { get; }

    /// <summary>What a piece of the reply adds.</summary>
    IEnumerable<DeviceEvent> Read(string piece);

    /// <summary>What was held back, at the end.</summary>
    IEnumerable<DeviceEvent> End();
}

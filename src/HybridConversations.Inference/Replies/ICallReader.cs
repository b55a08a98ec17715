namespace HybridConversations.Inference.Replies;

/// <summary>Reads one call behind its mark, as tolerantly as models write. Not thread-safe.</summary>
internal interface ICallReader
{
    /// <summary>All that has come of it.</summary>
    string Text { get; }

    /// <summary>Its name has been told.</summary>
    bool IsTold { get; }

    /// <summary>It is whole.</summary>
    bool IsEnd { get; }

    /// <summary>What came behind it, once it is whole.</summary>
    string Rest { get; }

    /// <summary>What a piece adds to it.</summary>
    IEnumerable<DeviceEvent> Read(string piece);
}

namespace HybridConversations;

/// <summary>What a person thought of a turn's answer, or of where it was made.</summary>
public enum TurnFeedback
{
    /// <summary>It was right that this one answered.</summary>
    Good,

    /// <summary>The answer was no good. Says nothing of where it should have been made, except of a local one: the device was not up to it.</summary>
    Bad,

    /// <summary>The device would have done.</summary>
    ShouldBeLocal,

    /// <summary>It needed the cloud.</summary>
    ShouldBeCloud,
}

namespace HybridConversations.Inference.KvBlocks;

/// <summary>
/// Where a state can be gone on from whose model has a running state: at its checkpoints, and nowhere else. A checkpoint is a <see cref="KvBlock"/> without tokens that holds the running state
/// behind the tokens before it.
/// </summary>
internal static class Checkpoints
{
    /// <summary>Checkpoints that a sequence keeps at most: its first, which others may go on from, and its last.</summary>
    public const int Most = 4;

    /// <summary>The last checkpoint that is not behind <paramref name="length"/> tokens; null where there is none.</summary>
    public static KvBlock? Before(IReadOnlyList<KvBlock> checkpoints, int length)
    {
        for (var i = checkpoints.Count - 1; i >= 0; i--)
        {
            if (checkpoints[i].From <= length)
            {
                return checkpoints[i];
            }
        }

        return null;
    }
}

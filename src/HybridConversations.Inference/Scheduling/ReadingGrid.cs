namespace HybridConversations.Inference.Scheduling;

/// <summary>
/// How much of a prompt a step reads where the result shall not depend on how fast the device was. Kernels compute 64 rows and more as tiles, in which each row comes out the same
/// whatever stands beside it, and fewer in another way, whose roundings differ. So a prompt is read in steps of 64 rows and more that leave no fewer than 64 for the
/// next; and its last token, whose logits are needed, always stands alone, as it does where all before it is held already. A pure function.
/// </summary>
internal static class ReadingGrid
{
    /// <summary>Rows from which on kernels compute tiles.</summary>
    public const int Tile = 64;

    /// <summary>Where reading begins: a little before the end of what is held, where the rest would make no tile as it did in the whole prompt.</summary>
    /// <param name="position">Tokens that are held.</param>
    /// <param name="end">Tokens of the prompt without its last.</param>
    /// <param name="microBatch">Rows computed at once.</param>
    public static int From(int position, int end, int microBatch) =>
        microBatch >= 2 * Tile && end >= Tile && position < end && end - position < Tile ? end - Tile : position;

    /// <summary>How much comes next.</summary>
    /// <param name="position">Tokens that are held.</param>
    /// <param name="end">Tokens of the prompt without its last.</param>
    /// <param name="planned">Rows that the step has time for.</param>
    /// <param name="microBatch">Rows computed at once.</param>
    /// <returns>Rows to compute; what tiles need even where that is more than planned.</returns>
    public static int Rows(int position, int end, int planned, int microBatch)
    {
        var left = end - position;
        if (left <= 0)
        {
            return 1;
        }

        if (microBatch < 2 * Tile)
        {
            return Math.Min(left, planned); // there are no tiles, or none that could be kept whole
        }

        if (left <= Math.Min(microBatch, Math.Max(planned, (2 * Tile) - 1)))
        {
            return left;
        }

        var rows = Math.Clamp(planned, Tile, microBatch);
        return left - rows < Tile ? left - Tile : rows;
    }
}

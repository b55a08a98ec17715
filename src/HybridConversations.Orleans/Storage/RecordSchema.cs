namespace HybridConversations.Orleans.Storage;

/// <summary>
/// The schema of stored records. Members are only ever added, and a release reads what is missing as its default; a number goes up when a release could not
/// read a record of the one before without being told how, or the one before could not read the new.
/// </summary>
internal static class RecordSchema
{
    public const int Current = 1;

    /// <exception cref="ProblemException">A later release has written it in a way that this one cannot read.</exception>
    public static void Check(int schema, string what)
    {
        if (schema > Current)
        {
            throw new ProblemException(ProblemCodes.Unstored(
                $"{what} was written by a later release (schema {schema}; this one reads up to {Current}). Upgrade this silo."));
        }
    }
}

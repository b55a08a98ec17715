namespace HybridConversations.Cli.Moving;

/// <summary>
/// Writes the conversations of an archive while they go on. A list of what was used last changes under whoever reads it: what was used meanwhile is looked for once more at the end, so
/// that nothing that was there all the time is missed.
/// </summary>
internal sealed class ConversationExport(IConversationArchive archive, ExportWriter writer)
{
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    /// <param name="wanted">Which conversations, by their ids.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task Run(Predicate<string> wanted, CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetUtcNow();
        await writer.Begin(cancellationToken);
        await WriteSince(DateTimeOffset.MinValue, wanted, cancellationToken);
        while (await WriteSince(begun, wanted, cancellationToken) > 0)
        {
            // Those in turn took time.
        }

        await writer.End(cancellationToken);
    }

    /// <summary>One conversation, by its id.</summary>
    /// <exception cref="ProblemException"><c>not-found</c>.</exception>
    public async Task RunOne(string id, CancellationToken cancellationToken)
    {
        await writer.Begin(cancellationToken);
        if (!await WriteOne(id, cancellationToken))
        {
            throw new ProblemException(ProblemCodes.Missing($"There is no conversation '{id}'."));
        }

        await writer.End(cancellationToken);
    }

    /// <returns>How many were written that had not been.</returns>
    private async Task<int> WriteSince(DateTimeOffset since, Predicate<string> wanted, CancellationToken cancellationToken)
    {
        var count = 0;
        string? cursor = null;
        do
        {
            var list = await archive.Find(new ConversationQuery(), cursor, Limits.MaxPage, cancellationToken);
            foreach (var line in list.Conversations)
            {
                if (line.UpdatedAt < since)
                {
                    return count;
                }

                if (wanted(line.Id) && _written.Add(line.Id) && await WriteOne(line.Id, cancellationToken))
                {
                    count++;
                }
            }

            cursor = list.Next;
        }
        while (cursor is not null);
        return count;
    }

    /// <returns>False when it is not there: it was deleted meanwhile.</returns>
    private async Task<bool> WriteOne(string id, CancellationToken cancellationToken)
    {
        var any = false;
        for (long? after = 0; after is { } from && await archive.Read(id, from, Limits.MaxPage, cancellationToken) is { } page; after = page.Next)
        {
            any = true;
            await writer.Write(page, cancellationToken);
        }

        return any;
    }
}

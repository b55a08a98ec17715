namespace HybridConversations.Cli.Moving;

/// <summary>Brings the conversations of an export somewhere. One that is there already stays as it is.</summary>
internal sealed class ConversationImport(IImportTarget target, Action<string> tell)
{
    /// <summary>Conversations that were brought.</summary>
    public int Taken { get; private set; }

    /// <summary>Conversations that were there already.</summary>
    public int Left { get; private set; }

    public async Task Run(IAsyncEnumerable<ConversationPage> pages, CancellationToken cancellationToken)
    {
        string? current = null;
        var (passing, after) = (false, 0L);
        await foreach (var page in pages.WithCancellation(cancellationToken))
        {
            if (page.Id != current)
            {
                (current, passing, after) = (page.Id, false, 0);
            }

            if (passing)
            {
                continue;
            }

            passing = !await target.Add(page, after, cancellationToken);
            if (passing)
            {
                tell(after == 0 ? $"'{page.Id}' is there already and stays as it is." : $"'{page.Id}' went on meanwhile: it has the first {after} turns only.");
            }

            Left += passing ? 1 : 0;
            Taken += !passing && after == 0 ? 1 : 0;
            after += page.Turns.Count;
        }
    }
}

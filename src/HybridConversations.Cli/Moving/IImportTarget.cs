namespace HybridConversations.Cli.Moving;

/// <summary>Where conversations are brought.</summary>
internal interface IImportTarget
{
    /// <summary>Begins a conversation with the turns of a page, or goes on with one that has so many.</summary>
    /// <returns>False when there is one of this id already, or it has gone on meanwhile: nothing was changed.</returns>
    Task<bool> Add(ConversationPage page, long after, CancellationToken cancellationToken);
}

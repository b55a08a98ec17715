using HybridConversations.Conversations;
using HybridConversations.Conversations.Archive;
using HybridConversations.InProcess;
using HybridConversations.Storage;

namespace HybridConversations.Cli.Moving;

/// <summary>A data folder that no server uses meanwhile.</summary>
internal sealed class FolderTarget : IImportTarget, IAsyncDisposable
{
    private readonly SqliteConversationStore _store;
    private readonly InProcessConversations _conversations;

    /// <exception cref="ProblemException">The folder is in use, or cannot be written.</exception>
    public FolderTarget(string folder)
    {
        _store = SqliteConversationStore.OpenFolder(new SqliteStoreOptions { Folder = folder });
        _conversations = new InProcessConversations(_store, new ConversationServices { Devices = new NoDevices(), Memories = new NoDevices() });
    }

    public Task<bool> Add(ConversationPage page, long after, CancellationToken cancellationToken) =>
        ((IConversationRecord)_conversations.Get(page.Id)).Change(RecordedTurns.Of(page, after), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _conversations.DisposeAsync();
        await _store.DisposeAsync();
    }
}

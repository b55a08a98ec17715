using HybridConversations.Storage;
using HybridConversations.Tests.Common;

namespace HybridConversations.Tests.Storage;

public sealed class SqliteConversationLogTests : ConversationLogContract, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private SqliteConversationStore? _store;

    public Task InitializeAsync()
    {
        _store = SqliteConversationStore.OpenFolder(new SqliteStoreOptions { Folder = _folder.Path });
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _store!.DisposeAsync();
        _folder.Dispose();
    }

    protected override IConversationLog Open(string conversationId) => _store!.Open(conversationId);
}

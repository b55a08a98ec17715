using HybridConversations.Conversations;
using HybridConversations.InProcess;
using HybridConversations.Storage;

namespace HybridConversations.Tests.Common.Http;

/// <summary>Real conversations over SQLite and a device that a test commands.</summary>
public sealed class StoredConversations : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private SqliteConversationStore _store = null!;

    public StoredConversations() => Open();

    public ScriptedDevice Device { get; } = new();

    public InProcessConversations Conversations { get; private set; } = null!;

    /// <summary>Closes them and opens them again, as a process that starts anew does.</summary>
    public async Task Restart()
    {
        await Close();
        Open();
    }

    public async ValueTask DisposeAsync()
    {
        await Close();
        _folder.Dispose();
    }

    private void Open()
    {
        _store = SqliteConversationStore.OpenFolder(new SqliteStoreOptions { Folder = _folder.Path });
        Conversations = new InProcessConversations(_store, new ConversationServices { Devices = new SingleDevicePicker(Device), Memories = new SingleDeviceMemory(Device) });
    }

    private async Task Close()
    {
        await Conversations.DisposeAsync();
        await _store.DisposeAsync();
    }
}

using HybridConversations.Conversations;
using HybridConversations.Storage;
using HybridConversations.Storage.Sqlite;

namespace HybridConversations.InProcess;

/// <summary>The conversations of a data folder for whoever only looks, also while a server goes on writing them.</summary>
public sealed class FolderArchive : IConversationArchive, IDisposable
{
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(10);
    private readonly SqliteReaderPool _readers;

    /// <param name="folder">The data folder.</param>
    /// <exception cref="ProblemException">It holds no conversations, or those of another release.</exception>
    public FolderArchive(string folder)
    {
        var file = new SqliteFile(FileIn(folder), Busy);
        using (var connection = file.Open(readOnly: true))
        {
            SqliteSchema.ThrowUnlessCurrent(connection, file.Path);
        }

        _readers = new SqliteReaderPool(file, size: 1);
    }

    /// <inheritdoc/>
    public Task<ConversationList> Find(ConversationQuery query, string? cursor, int limit, CancellationToken cancellationToken = default) =>
        _readers.Read(read => read.Find(query, ListCursor.Parse(cursor), limit), cancellationToken);

    /// <inheritdoc/>
    public Task<ConversationPage?> Read(string conversationId, long after, int limit, CancellationToken cancellationToken = default) => _readers.Read(
        read =>
        {
            if (read.Head(conversationId) is not { } head)
            {
                return null;
            }

            var turns = read.Turns(conversationId, after, limit + 1);
            var next = turns.Count > limit ? turns[limit - 1].Sequence : (long?)null;
            return Conversation.PageOf(head, next is null ? turns : turns[..limit], next);
        },
        cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _readers.Dispose();

    private static string FileIn(string folder) => Path.Combine(folder, SqliteConversationStore.FileName) is var path && File.Exists(path)
        ? path
        : throw new ProblemException(ProblemCodes.InvalidRequest($"The folder '{folder}' holds no conversations. Name another one with --data."));
}

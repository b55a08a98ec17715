namespace HybridConversations.Storage.Sqlite;

/// <summary>One conversation's rows.</summary>
internal sealed class SqliteConversationLog(string id, SqliteWriter<SqliteWriteStatements> writer, SqliteReaderPool readers) : IConversationLog
{
    public Task<ConversationHead?> ReadHead(CancellationToken cancellationToken = default) => readers.Read(read => read.Head(id), cancellationToken);

    public async Task<IReadOnlyList<TurnRecord>> ReadTurns(long after, int limit, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await readers.Read(read => read.Turns(id, after, limit), cancellationToken);
    }

    public Task<TurnRecord?> FindTurn(string turnId, CancellationToken cancellationToken = default) => readers.Read(read => read.Turn(id, turnId), cancellationToken);

    public Task Append(TurnRecord turn, ConversationHead head, CancellationToken cancellationToken = default) =>
        writer.Write(statements =>
        {
            statements.Append(turn, head);
            return true;
        }, cancellationToken);

    public Task Update(TurnRecord turn, ConversationHead head, CancellationToken cancellationToken = default) =>
        writer.Write(statements =>
        {
            statements.Update(turn, head);
            return true;
        }, cancellationToken);

    public Task Erase(TurnRecord turn, ConversationHead head, CancellationToken cancellationToken = default) =>
        writer.Write(statements =>
        {
            statements.Erase(turn, head);
            return true;
        }, cancellationToken);

    public Task WriteHead(ConversationHead head, CancellationToken cancellationToken = default) =>
        writer.Write(statements =>
        {
            statements.WriteHead(head);
            return true;
        }, cancellationToken);

    public Task Begin(IReadOnlyList<TurnRecord> turns, ConversationHead head, CancellationToken cancellationToken = default) =>
        writer.Write(statements =>
        {
            statements.WriteHead(head);
            foreach (var turn in turns)
            {
                statements.Append(turn, head);
            }

            return true;
        }, cancellationToken);

    public Task<bool> Delete(CancellationToken cancellationToken = default) => writer.Write(statements => statements.Delete(id), cancellationToken);
}

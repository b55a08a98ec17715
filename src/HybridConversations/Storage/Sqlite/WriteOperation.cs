namespace HybridConversations.Storage.Sqlite;

/// <summary>A write that waits for its turn; its task completes when it is durable, or with the reason why it is not.</summary>
internal sealed class WriteOperation(Func<SqliteWriteStatements, bool> write, CancellationToken cancellationToken)
{
    // Continuations must not run on the writer's thread.
    private readonly TaskCompletionSource<bool> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _result;
    private Exception? _error;

    public Task<bool> Done => _done.Task;

    /// <summary>False when the caller has given up while it waited; nothing is written then.</summary>
    public bool Begin()
    {
        if (!cancellationToken.IsCancellationRequested)
        {
            return true;
        }

        _done.TrySetCanceled(cancellationToken);
        return false;
    }

    public void Run(SqliteWriteStatements statements) => _result = write(statements);

    /// <summary>Only this one is refused; the others of its transaction are written.</summary>
    public void Refuse(Exception error) => _error = error;

    public void Committed()
    {
        if (_error is null)
        {
            _done.TrySetResult(_result);
        }
        else
        {
            _done.TrySetException(_error);
        }
    }

    public void Failed(Exception error) => _done.TrySetException(error);
}

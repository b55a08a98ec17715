namespace HybridConversations.Storage.Sqlite;

/// <summary>A write that waits for its turn; its task completes when it is durable, or with the reason why it is not.</summary>
/// <typeparam name="TStatements">What a database can be told.</typeparam>
internal abstract class WriteOperation<TStatements>
{
    /// <summary>False when the caller has given up while it waited; nothing is written then.</summary>
    public abstract bool Begin();

    public abstract void Run(TStatements statements);

    /// <summary>Only this one is refused; the others of its transaction are written.</summary>
    public abstract void Refuse(Exception error);

    public abstract void Committed();

    public abstract void Failed(Exception error);
}

/// <inheritdoc cref="WriteOperation{TStatements}"/>
/// <typeparam name="TStatements">What a database can be told.</typeparam>
/// <typeparam name="T">What the caller gets.</typeparam>
internal sealed class WriteOperation<TStatements, T>(Func<TStatements, T> write, CancellationToken cancellationToken) : WriteOperation<TStatements>
{
    // Continuations must not run on the writer's thread.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private Exception? _error;

    public Task<T> Done => _done.Task;

    public override bool Begin()
    {
        if (!cancellationToken.IsCancellationRequested)
        {
            return true;
        }

        _done.TrySetCanceled(cancellationToken);
        return false;
    }

    public override void Run(TStatements statements) => _result = write(statements);

    public override void Refuse(Exception error) => _error = error;

    public override void Committed()
    {
        if (_error is null)
        {
            _done.TrySetResult(_result!);
        }
        else
        {
            _done.TrySetException(_error);
        }
    }

    public override void Failed(Exception error) => _done.TrySetException(error);
}

using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace HybridConversations.Storage.Sqlite;

/// <summary>A few connections for reading, each with its statements prepared. Readers never wait for the writer (WAL).</summary>
internal sealed class SqliteReaderPool(SqliteFile file, int size) : IDisposable
{
    private readonly SemaphoreSlim _free = new(size);
    private readonly ConcurrentBag<SqliteReadStatements> _idle = [];
    private volatile bool _closed;

    /// <exception cref="ProblemException">The file cannot be read, or the store is closed.</exception>
    public async Task<TResult> Read<TResult>(Func<SqliteReadStatements, TResult> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        SqliteReadStatements? reader = null;
        try
        {
            if (_closed)
            {
                throw StorageProblem.Closed(file.Path);
            }

            reader = _idle.TryTake(out var idle) ? idle : new SqliteReadStatements(file.Open(readOnly: true));
            var result = read(reader);
            _idle.Add(reader);
            return result;
        }
        catch (Exception error) when (error is SqliteException or JsonException or ArgumentException)
        {
            reader?.Dispose();
            throw error is SqliteException sqlite
                ? StorageProblem.From(sqlite, file.Path)
                : StorageProblem.Permanent($"'{file.Path}' holds a row that cannot be read ({error.Message}). Put a backup in its place.", error);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for reads under way, then closes.</summary>
    public void Dispose()
    {
        _closed = true;
        for (var i = 0; i < size; i++)
        {
            _free.Wait();
        }

        while (_idle.TryTake(out var reader))
        {
            reader.Dispose();
        }

        // Whoever still waits shall hear that the store is closed; the semaphore holds nothing that needs disposing.
        _free.Release(size);
    }
}

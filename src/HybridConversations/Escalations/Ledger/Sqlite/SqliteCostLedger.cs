using HybridConversations.Storage;
using HybridConversations.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Escalations.Ledger.Sqlite;

/// <summary>
/// A ledger in <c>ledger.db</c> of the data folder. Writes that wait at the same time share one transaction and one sync of the disk; each is
/// durable when its task completes. One process at a time owns the file.
/// </summary>
public sealed partial class SqliteCostLedger : ICostLedger
{
    /// <summary>Name of the file in the data folder.</summary>
    public const string FileName = "ledger.db";

    private const int MaxQueued = 512;
    private static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(5);
    private readonly string _path;
    private readonly ExclusiveFile _owner;
    private readonly SqliteWriter<LedgerStatements> _writer;
    private readonly LedgerReader _reader;
    private readonly Lock _readLock = new();
    private readonly int _retentionDays;
    private readonly ILogger _log;
    private DateOnly _pruned;
    private int _disposed;

    /// <summary>
    /// Opens or makes the ledger. Reservations that a dead process left behind stay booked at their worst case (<see cref="LedgerState.Recovered"/>).
    /// Throws <see cref="ProblemException"/> (<c>storage-failed</c>) when another process owns it, or it cannot be read.
    /// </summary>
    /// <param name="dataFolder">Made where it is not there.</param>
    /// <param name="log">Where to say what was found.</param>
    /// <param name="retentionDays">Single tries are forgotten after so many days, 32 to 36,500; daily totals stay.</param>
    public SqliteCostLedger(string dataFolder, ILogger<SqliteCostLedger>? log = null, int retentionDays = 400)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(retentionDays, 32);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(retentionDays, 36_500);
        _log = log ?? NullLogger<SqliteCostLedger>.Instance;
        _retentionDays = retentionDays;
        _path = Path.Combine(dataFolder, FileName);
        _owner = Own(dataFolder);
        try
        {
            (_writer, _reader) = Open(new SqliteFile(_path, BusyTimeout));
            if (_writer.WriteWhenRoom(ledger => ledger.Recover(), CancellationToken.None).GetAwaiter().GetResult() is > 0 and var recovered)
            {
                Recovered(_log, recovered);
            }
        }
        catch (Exception e)
        {
            _reader?.Dispose();
            _writer?.Dispose();
            _owner.Dispose();
            if (e is SqliteException sqlite)
            {
                throw StorageProblem.From(sqlite, _path);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<ReservationResult> Reserve(Reservation reservation, CancellationToken cancellationToken = default) =>
        new(_writer.WriteWhenRoom(ledger =>
        {
            Prune(ledger, DateOnly.FromDateTime(reservation.At.UtcDateTime));
            return ledger.Reserve(reservation);
        }, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<Balance?> Settle(long id, Settlement settlement) => new(_writer.WriteWhenRoom(ledger => ledger.Settle(id, settlement), CancellationToken.None));

    /// <inheritdoc/>
    public ValueTask<Spending> Spent(string endpoint, string? tenant, DateTimeOffset at, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(r => r.Spent(endpoint, tenant ?? LedgerSchema.AllTenants, DateOnly.FromDateTime(at.UtcDateTime))));

    /// <inheritdoc/>
    public Task<IReadOnlyList<LedgerDay>> Days(DateOnly from, DateOnly to, string? tenant = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(Read(r => r.Days(from, to, tenant)));

    /// <inheritdoc/>
    public Task<IReadOnlyList<LedgerTry>> Tries(int limit, CancellationToken cancellationToken = default) =>
        Task.FromResult(Read(r => r.Tries(limit)));

    /// <summary>Finishes the writes that wait, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await Task.Run(_writer.Dispose);
        lock (_readLock)
        {
            _reader.Dispose();
        }

        _owner.Dispose();
    }

    private T Read<T>(Func<LedgerReader, T> read)
    {
        try
        {
            lock (_readLock)
            {
                return _disposed == 0 ? read(_reader) : throw StorageProblem.Closed(_path);
            }
        }
        catch (SqliteException e)
        {
            throw StorageProblem.From(e, _path);
        }
    }

    private (SqliteWriter<LedgerStatements> Writer, LedgerReader Reader) Open(SqliteFile file)
    {
        var connection = file.Open(readOnly: false);
        try
        {
            SqliteSchema.Migrate(connection, file.Path, LedgerSchema.Scripts);
            var reader = new LedgerReader(file.Open(readOnly: true));
            return (new SqliteWriter<LedgerStatements>(file.Path, connection, new LedgerStatements(connection), MaxQueued, _log), reader);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Prune(LedgerStatements ledger, DateOnly today)
    {
        if (_pruned == today)
        {
            return;
        }

        ledger.Prune(today.AddDays(-_retentionDays));
        _pruned = today;
    }

    private static ExclusiveFile Own(string dataFolder)
    {
        var path = Path.Combine(dataFolder, "ledger.lock");
        try
        {
            Directory.CreateDirectory(dataFolder);
            return ExclusiveFile.Take(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StorageProblem.Permanent(
                $"The cost ledger in '{dataFolder}' cannot be owned ({e.Message}). Another process may be using this data folder: " +
                "stop it, or name another one with --data.", e);
        }
    }

    [LoggerMessage(EventId = 620, Level = LogLevel.Warning,
        Message = "{Count} cloud calls were under way when the last process ended; they stay booked at their worst case.")]
    private static partial void Recovered(ILogger log, int count);
}

using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Escalations;

/// <summary>
/// A ledger in <c>ledger.db</c> of the data folder. Writes that wait at the same time share one transaction and one sync of the disk; each is
/// durable when its task completes. One process at a time owns the file.
/// </summary>
public sealed partial class SqliteCostLedger : ICostLedger
{
    private const int BatchLimit = 128;
    private readonly string _path;
    private readonly FileStream _owner;
    private readonly SqliteConnection _connection;
    private readonly LedgerWriter _writer;
    private readonly SqliteConnection _readConnection;
    private readonly Lock _readLock = new();
    private readonly Channel<Write> _writes = Channel.CreateBounded<Write>(new BoundedChannelOptions(4 * BatchLimit) { SingleReader = true });
    private readonly Task _writing;
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
        _path = Path.Combine(dataFolder, "ledger.db");
        _owner = Own(dataFolder);
        SqliteConnection? connection = null;
        try
        {
            connection = LedgerDatabase.OpenWriter(_path);
            var writer = new LedgerWriter(connection);
            if (LedgerDatabase.Recover(connection, writer) is > 0 and var recovered)
                Recovered(_log, recovered);
            (_connection, _writer, _readConnection) = (connection, writer, LedgerDatabase.OpenReader(_path));
        }
        catch (Exception e) when (e is SqliteException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            connection?.Dispose();
            _owner.Dispose();
            throw Unusable($"The cost ledger {_path} cannot be opened: {e.Message}", e);
        }

        _writing = Task.Run(WriteAll);
    }

    public ValueTask<ReservationResult> Reserve(Reservation reservation, CancellationToken cancellationToken = default) =>
        Enqueue(new Write<ReservationResult>(writer =>
        {
            Prune(writer, DateOnly.FromDateTime(reservation.At.UtcDateTime));
            return writer.Reserve(reservation);
        }), cancellationToken);

    public async ValueTask Settle(long id, Settlement settlement) => await Enqueue(new Write<bool>(writer => writer.Settle(id, settlement)), CancellationToken.None);

    public ValueTask<Spending> Spent(string endpoint, string? tenant, DateTimeOffset at, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(c => LedgerQueries.ReadSpent(c, endpoint, tenant ?? LedgerQueries.AllTenants, DateOnly.FromDateTime(at.UtcDateTime))));

    public Task<IReadOnlyList<LedgerDay>> Days(DateOnly from, DateOnly to, string? tenant = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(Read(c => LedgerQueries.ReadDays(c, from, to, tenant)));

    public Task<LedgerTotals> OfConversation(string conversationId, CancellationToken cancellationToken = default) =>
        Task.FromResult(Read(c => LedgerQueries.ReadConversation(c, conversationId)));

    public Task<IReadOnlyList<LedgerTry>> Tries(int limit, CancellationToken cancellationToken = default) =>
        Task.FromResult(Read(c => LedgerQueries.ReadTries(c, limit)));

    /// <summary>Finishes the writes that wait, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _writes.Writer.Complete();
        await _writing;
        lock (_readLock)
            _readConnection.Dispose();
        _writer.Dispose();
        _connection.Dispose();
        _owner.Dispose();
    }

    private async ValueTask<T> Enqueue<T>(Write<T> write, CancellationToken cancellationToken)
    {
        try
        {
            await _writes.Writer.WriteAsync(write, cancellationToken);
        }
        catch (ChannelClosedException e)
        {
            throw new ObjectDisposedException("The cost ledger is closed.", e);
        }

        // Not cancelled from here on: a reservation that was made must reach whoever has to settle it.
        return await write.Result;
    }

    private async Task WriteAll()
    {
        var batch = new List<Write>(BatchLimit);
        while (await _writes.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < BatchLimit && _writes.Reader.TryRead(out var write))
                batch.Add(write);
            try
            {
                _writer.Begin();
                foreach (var write in batch)
                    write.Run(_writer);
                _writer.Commit();
            }
            catch (Exception e)
            {
                _writer.Rollback();
                WriteFailed(_log, _path, e);
                foreach (var write in batch)
                    write.Fail(e);
                continue;
            }

            foreach (var write in batch)
                write.Succeed();
        }
    }

    private T Read<T>(Func<SqliteConnection, T> read)
    {
        lock (_readLock)
        {
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            return read(_readConnection);
        }
    }

    private void Prune(LedgerWriter writer, DateOnly today)
    {
        if (_pruned == today)
            return;
        writer.Prune(today.AddDays(-_retentionDays));
        _pruned = today;
    }

    private static FileStream Own(string dataFolder)
    {
        var path = Path.Combine(dataFolder, "ledger.lock");
        try
        {
            Directory.CreateDirectory(dataFolder);
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable($"The cost ledger in {dataFolder} cannot be owned ({e.Message}). Another process may be using this data folder: stop it, or start this one with another --data.", e);
        }
    }

    private static ProblemException Unusable(string what, Exception inner) =>
        new(new Problem(ProblemCodes.Storage, 500, "The storage failed.", what), inner);

    [LoggerMessage(EventId = 620, Level = LogLevel.Warning, Message = "{Count} cloud calls were under way when the last process ended; they stay booked at their worst case.")]
    private static partial void Recovered(ILogger log, int count);

    [LoggerMessage(EventId = 621, Level = LogLevel.Error, Message = "The cost ledger {Path} could not be written.")]
    private static partial void WriteFailed(ILogger log, string path, Exception e);

    private abstract class Write
    {
        public abstract void Run(LedgerWriter writer);
        public abstract void Succeed();
        public abstract void Fail(Exception e);
    }

    private sealed class Write<T>(Func<LedgerWriter, T> run) : Write
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;

        public Task<T> Result => _done.Task;

        public override void Run(LedgerWriter writer) => _result = run(writer);

        public override void Succeed() => _done.SetResult(_result!);

        public override void Fail(Exception e) => _done.SetException(e);
    }
}

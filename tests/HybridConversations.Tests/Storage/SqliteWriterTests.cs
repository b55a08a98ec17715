using HybridConversations.Storage;
using HybridConversations.Storage.Sqlite;
using HybridConversations.Tests.Common;
using Microsoft.Data.Sqlite;

namespace HybridConversations.Tests.Storage;

/// <summary>One transaction for all that waits; bounds; the plans of the statements.</summary>
public sealed class SqliteWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Writes_that_wait_together_share_a_transaction()
    {
        await using var store = Open();
        await store.Add("warm", 1);
        var before = store.Commits;
        var writes = await WhileLocked(() => Enumerable.Range(0, 100).Select(i => store.Add($"c{i}", 1)).ToList());
        await Task.WhenAll(writes);

        // The first went into a transaction of its own, which waited for the lock; all others came together.
        Assert.InRange(store.Commits - before, 1, 3);
        Assert.Equal(101, (await store.List(null, 200)).Conversations.Count);
    }

    [Fact]
    public async Task A_write_that_is_refused_takes_no_other_with_it()
    {
        await using var store = Open();
        await store.Add("c", 1);
        var writes = await WhileLocked(() =>
        {
            var all = Enumerable.Range(0, 20).Select(i => store.Add($"before{i}", 1)).ToList();
            all.Add(store.Add("c", 1)); // Its sequence and its turn id are taken.
            all.AddRange(Enumerable.Range(0, 20).Select(i => store.Add($"after{i}", 1)));
            return all;
        });

        for (var i = 0; i < writes.Count; i++)
        {
            if (i == 20)
            {
                await Assert.ThrowsAsync<ProblemException>(() => writes[20]);
            }
            else
            {
                await writes[i];
            }
        }

        Assert.Equal(41, (await store.List(null, 200)).Conversations.Count);
        Assert.Equal("hi", (await store.Open("c").FindTurn("t1"))!.Reply);
    }

    [Fact]
    public async Task Past_the_bound_of_the_queue_writes_are_refused_at_once()
    {
        await using var store = Open(maxQueued: 4);
        await store.Add("warm", 1);
        var writes = await WhileLocked(() => Enumerable.Range(0, 1000).Select(i => store.Add($"c{i}", 1)).ToList());
        var refused = 0;
        foreach (var write in writes)
        {
            try
            {
                await write;
            }
            catch (ProblemException error)
            {
                Assert.Equal(ProblemCodes.Overloaded, error.Problem.Code);
                Assert.NotNull(error.Problem.RetryAfterMs);
                refused++;
            }
        }

        // One transaction of at most 256 waited for the lock, and 4 behind it.
        Assert.InRange(refused, 740, 999);
        var stored = 0;
        for (var i = 0; i < 1000; i++)
        {
            stored += await store.Open($"c{i}").ReadHead() is null ? 0 : 1;
        }

        Assert.Equal(1000 - refused, stored);
    }

    [Fact]
    public async Task Closing_writes_what_waits()
    {
        var store = Open();
        var writes = Enumerable.Range(0, 300).Select(i => store.Add($"c{i}", 1)).ToList();
        await store.DisposeAsync();
        await Task.WhenAll(writes);

        await using var again = Open();
        Assert.NotNull(await again.Open("c299").ReadHead());
    }

    /// <summary>What a turn costs must not grow with the history: every statement finds its rows by an index.</summary>
    [Fact]
    public async Task No_statement_scans_a_table()
    {
        await Open().DisposeAsync();
        var file = new SqliteFile(_folder.File(SqliteConversationStore.FileName), TimeSpan.FromSeconds(1));
        var connection = file.Open(readOnly: false);
        connection.Handle!.enable_sqlite3_next_stmt(true);
        using var writes = new SqliteWriteStatements(connection);
        using var reads = new SqliteReadStatements(connection); // Disposes the connection.
        var statements = Prepared(connection);
        Assert.True(statements.Count >= 9);
        foreach (var sql in statements)
        {
            using var explain = connection.CreateCommand();
            explain.CommandText = "EXPLAIN QUERY PLAN " + sql;
            foreach (var name in System.Text.RegularExpressions.Regex.Matches(sql, @"\$\w+").Select(m => m.Value).Distinct())
            {
                explain.Parameters.AddWithValue(name, 1);
            }

            using var plan = explain.ExecuteReader();
            while (plan.Read())
            {
                var step = plan.GetString(3);
                Assert.False(step.StartsWith("SCAN", StringComparison.Ordinal) || step.Contains("TEMP B-TREE", StringComparison.Ordinal), $"{step} in {sql}");
            }
        }
    }

    public void Dispose() => _folder.Dispose();

    private static List<string> Prepared(SqliteConnection connection)
    {
        var all = new List<string>();
        for (var statement = SQLitePCL.raw.sqlite3_next_stmt(connection.Handle, null); statement is { IsInvalid: false };
            statement = SQLitePCL.raw.sqlite3_next_stmt(connection.Handle, statement))
        {
            all.Add(SQLitePCL.raw.sqlite3_sql(statement).utf8_to_string());
        }

        return all;
    }

    private SqliteConversationStore Open(int maxQueued = 4096) =>
        SqliteConversationStore.OpenFolder(new SqliteStoreOptions { Folder = _folder.Path, MaxQueuedWrites = maxQueued, BusyTimeout = TimeSpan.FromSeconds(30) });

    /// <summary>Lets writes pile up behind another program's lock.</summary>
    private async Task<List<Task>> WhileLocked(Func<List<Task>> write)
    {
        await using var other = new SqliteConnection($"Data Source={_folder.File(SqliteConversationStore.FileName)};Pooling=False");
        await other.OpenAsync();
        SqliteSchema.Execute(other, "BEGIN IMMEDIATE");
        var writes = write();
        SqliteSchema.Execute(other, "ROLLBACK");
        return writes;
    }
}

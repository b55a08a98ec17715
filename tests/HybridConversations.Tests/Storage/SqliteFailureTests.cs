using HybridConversations.Storage;
using HybridConversations.Storage.Sqlite;
using HybridConversations.Tests.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Tests.Storage;

/// <summary>Files that are not ours, damaged or too new; disks that are full; other programs that hold the file.</summary>
public sealed class SqliteFailureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string DatabasePath => _folder.File(SqliteConversationStore.FileName);

    [Fact]
    public void A_file_that_is_no_database_is_named_and_left_alone()
    {
        File.WriteAllText(DatabasePath, string.Concat(Enumerable.Repeat("this is not a database, ", 500)));
        var problem = Refused();
        Assert.Contains(DatabasePath, problem.Detail, StringComparison.Ordinal);
        Assert.Contains("not a database", problem.Detail, StringComparison.Ordinal);
        Assert.StartsWith("this is not a database", File.ReadAllText(DatabasePath), StringComparison.Ordinal);

        // The folder was given back.
        DataFolderLock.Acquire(_folder.Path).Dispose();
    }

    [Fact]
    public async Task Damage_that_shows_later_is_named_with_the_file()
    {
        await using (var store = Open())
        {
            for (var i = 1; i <= 200; i++)
            {
                await store.Add("c", i, text: new string('x', 500));
            }
        }

        // The first page (schema, version) stays whole.
        using (var file = new FileStream(DatabasePath, FileMode.Open, FileAccess.Write))
        {
            file.Position = 4096;
            file.Write(Enumerable.Repeat((byte)0xAB, (int)file.Length - 4096).ToArray());
        }

        var error = await Assert.ThrowsAsync<ProblemException>(async () =>
        {
            await using var store = Open();
            await store.Open("c").ReadTurns(0, 100);
        });
        Assert.Equal(ProblemCodes.Storage, error.Problem.Code);
        Assert.False(error.Problem.Retryable);
        Assert.Contains(DatabasePath, error.Problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_of_another_program_is_refused()
    {
        Sql("CREATE TABLE recipes (name TEXT)");
        Assert.Contains("another program", Refused().Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_a_newer_release_is_refused_and_left_as_it_was()
    {
        await Open().DisposeAsync();
        Sql("PRAGMA user_version = 99");
        var problem = Refused();
        Assert.Contains("newer release", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("99", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_schema_is_brought_forward_and_keeps_its_turns()
    {
        await using (var store = Open())
        {
            await store.Add("c", 1);
        }

        string[] newer = [.. SqliteSchema.Scripts, "ALTER TABLE conversations ADD COLUMN title TEXT", "CREATE TABLE notes (text TEXT)"];
        await using (var store = OpenWith(newer))
        {
            Assert.Equal("hi", (await store.Open("c").FindTurn("t1"))!.Reply);
        }

        Assert.Equal(SqliteSchema.Scripts.Count + 2L, Scalar("PRAGMA user_version"));
        Assert.Equal(0L, Scalar("SELECT count(title) FROM conversations"));
        Assert.Contains("newer release", Refused().Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_that_fails_changes_nothing()
    {
        await using (var store = Open())
        {
            await store.Add("c", 1);
        }

        string[] broken = [.. SqliteSchema.Scripts, "CREATE TABLE notes (text TEXT); INSERT INTO nowhere VALUES (1)"];
        Assert.Throws<ProblemException>(() => OpenWith(broken));

        Assert.Equal((long)SqliteSchema.Scripts.Count, Scalar("PRAGMA user_version"));
        Assert.Equal(0L, Scalar("SELECT count(*) FROM sqlite_schema WHERE name = 'notes'"));
        await using var again = Open();
        Assert.NotNull(await again.Open("c").FindTurn("t1"));
    }

    [Fact]
    public async Task A_full_disk_refuses_the_turn_and_can_be_got_over()
    {
        await using var store = SqliteConversationStore.OpenFolder(new SqliteStoreOptions { Folder = _folder.Path, MaxBytes = 1 << 20 });
        ProblemException? full = null;
        var written = 0;
        while (full is null)
        {
            try
            {
                await store.Add("c", ++written, text: new string('x', 50_000));
            }
            catch (ProblemException error)
            {
                full = error;
            }
        }

        Assert.Equal((ProblemCodes.Storage, 507, true), (full.Problem.Code, full.Problem.Status, full.Problem.Retryable));
        Assert.Contains("no room", full.Problem.Detail, StringComparison.Ordinal);
        Assert.Equal(written - 1, (await store.Open("c").ReadHead())!.LastSequence);
        Assert.Equal(written - 1, (await store.Open("c").ReadTurns(0, 1000)).Count);

        await store.Open("c").Delete();
        await store.Add("c", 1, text: new string('x', 50_000));
        Assert.NotNull(await store.Open("c").FindTurn("t1"));
    }

    [SkippableFact]
    public async Task A_disk_that_is_really_full_refuses_the_turn_and_goes_on_when_there_is_room()
    {
        using var disk = SmallDisk.TryMount(2 << 20, out var reason);
        Skip.If(disk is null, reason);
        var written = 0;
        await using (var store = SqliteConversationStore.OpenFolder(new SqliteStoreOptions { Folder = disk.Path }))
        {
            Problem? full = null;
            while (full is null)
            {
                try
                {
                    await store.Add("c", ++written, text: new string('x', 20_000));
                }
                catch (ProblemException error)
                {
                    full = error.Problem;
                }

                Assert.True(written < 1000, "The disk is never full.");
            }

            Assert.Equal((ProblemCodes.Storage, 507, true), (full.Code, full.Status, full.Retryable));
            Assert.Contains("no room", full.Detail, StringComparison.Ordinal);

            // What was there is there, what was refused is not, and reading goes on.
            Assert.Equal(written - 1, (await store.Open("c").ReadTurns(0, 1000)).Count);
            Assert.Null(await store.Open("c").FindTurn($"t{written}"));

            disk.Grow(64 << 20);
            await store.Add("c", written, text: new string('x', 20_000));
        }

        await using var again = SqliteConversationStore.OpenFolder(new SqliteStoreOptions { Folder = disk.Path });
        Assert.Equal(written, (await again.Open("c").ReadTurns(0, 1000)).Count);
    }

    [Fact]
    public async Task A_file_locked_by_another_program_is_waited_for_and_then_refused()
    {
        await using var store = SqliteConversationStore.OpenFolder(new SqliteStoreOptions { Folder = _folder.Path, BusyTimeout = TimeSpan.FromMilliseconds(50) });
        using (var other = new SqliteConnection($"Data Source={DatabasePath};Pooling=False"))
        {
            other.Open();
            SqliteSchema.Execute(other, "BEGIN IMMEDIATE");
            var busy = (await Assert.ThrowsAsync<ProblemException>(() => store.Add("c", 1))).Problem;
            Assert.Equal((ProblemCodes.Storage, true), (busy.Code, busy.Retryable));
            Assert.Contains("another program", busy.Detail, StringComparison.Ordinal);
            SqliteSchema.Execute(other, "ROLLBACK");
        }

        await store.Add("c", 1);
    }

    public void Dispose() => _folder.Dispose();

    private SqliteConversationStore Open() => SqliteConversationStore.OpenFolder(new SqliteStoreOptions { Folder = _folder.Path });

    private SqliteConversationStore OpenWith(IReadOnlyList<string> scripts) => SqliteConversationStore.OpenFolder(
        new SqliteStoreOptions { Folder = _folder.Path }, scripts, TimeProvider.System, NullLogger<SqliteConversationStore>.Instance);

    private Problem Refused() => Assert.Throws<ProblemException>(() => Open()).Problem;

    private void Sql(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=False");
        connection.Open();
        SqliteSchema.Execute(connection, sql);
    }

    private long Scalar(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=False");
        connection.Open();
        return SqliteSchema.Scalar(connection, sql);
    }
}

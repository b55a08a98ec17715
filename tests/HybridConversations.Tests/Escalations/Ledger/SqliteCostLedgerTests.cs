using HybridConversations.Escalations.Endpoints;
using HybridConversations.Escalations.Ledger;
using HybridConversations.Escalations.Ledger.Sqlite;
using HybridConversations.Storage.Sqlite;
using HybridConversations.Tests.Common;
using Microsoft.Data.Sqlite;

namespace HybridConversations.Tests.Escalations.Ledger;

public sealed class SqliteCostLedgerTests : CostLedgerContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override Task<ICostLedger> Open() => Task.FromResult<ICostLedger>(new SqliteCostLedger(_folder.Path));

    [Fact]
    public async Task What_a_dead_process_had_reserved_stays_booked_at_its_worst_case()
    {
        var copy = Directory.CreateDirectory(_folder.File("copy")).FullName;
        await using (var ledger = new SqliteCostLedger(_folder.Path))
        {
            await Spend(ledger, Try(), 1m);
            await ledger.Reserve(Try(cost: 0.25m));

            // What the disk holds at this moment is what a power cut leaves: no task that completed may miss from it.
            foreach (var file in Directory.GetFiles(_folder.Path, "ledger.db*"))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }
        }

        await using var after = new SqliteCostLedger(copy);
        Assert.Equal(new Spending(1.25m, 1.25m, 0, 0), await after.Spent("e", "t", Noon));
        var recovered = (await after.Tries(10))[0];
        Assert.Equal((LedgerState.Recovered, 0.25m, new CloudUsage(100, 50, 0)), (recovered.State, recovered.Cost, recovered.Tokens));
        var totals = Assert.Single(await after.Days(Today, Today)).Totals;
        Assert.Equal((2, 1), (totals.Tries, totals.Unsure));
    }

    [Fact]
    public async Task One_process_owns_it()
    {
        await using (var ledger = new SqliteCostLedger(_folder.Path))
        {
            var problem = Assert.Throws<ProblemException>(() => new SqliteCostLedger(_folder.Path)).Problem;
            Assert.Equal(ProblemCodes.Storage, problem.Code);
            Assert.Contains(_folder.Path, problem.Detail, StringComparison.Ordinal);
        }

        await using var next = new SqliteCostLedger(_folder.Path);
    }

    [Fact]
    public void A_damaged_file_is_told_and_left_alone()
    {
        File.WriteAllText(_folder.File("ledger.db"), new string('x', 4_096));
        Assert.Equal(ProblemCodes.Storage, Assert.Throws<ProblemException>(() => new SqliteCostLedger(_folder.Path)).Problem.Code);
        Assert.Equal(new string('x', 4_096), File.ReadAllText(_folder.File("ledger.db")));
    }

    [Fact]
    public async Task Old_tries_are_forgotten_and_their_totals_stay()
    {
        await using var ledger = new SqliteCostLedger(_folder.Path, retentionDays: 32);
        await Spend(ledger, Try(), 1m);
        await Spend(ledger, Try() with { At = Noon.AddDays(33) }, 1m);

        Assert.Equal([Noon.AddDays(33)], (await ledger.Tries(10)).Select(t => t.At));
        Assert.Equal(2, (await ledger.Days(DateOnly.MinValue, DateOnly.MaxValue)).Count);
    }

    [Fact]
    public async Task A_ledger_of_the_first_release_is_read_and_forgets_which_conversations_paid()
    {
        await using (var file = new SqliteConnection($"Data Source={_folder.File("ledger.db")};Pooling=False"))
        {
            file.Open();
            SqliteSchema.Migrate(file, "ledger.db", [LedgerSchema.Scripts[0]]);
            SqliteSchema.Execute(file, """
                INSERT INTO tries VALUES (7, 'e', 't', 'the-conversation-of-ada', 1773489600000, 739688, 1, 'completed', 3, 0, 4, 5000000000);
                INSERT INTO totals VALUES ('e', 't', 739688, 1, 0, 0, 3, 0, 4, 5000000000, 0), ('e', '', 739688, 1, 0, 0, 3, 0, 4, 5000000000, 0);
                """);
        }

        await using (var ledger = new SqliteCostLedger(_folder.Path))
        {
            Assert.Equal((0.5m, 0.5m), Money(await ledger.Spent("e", "t", Noon)));
            Assert.Equal((7L, "t", 0.5m), Assert.Single((await ledger.Tries(10)).Select(t => (t.Id, t.Tenant, t.Cost))));
            await Spend(ledger, Try(), 0.5m);
            Assert.Equal((1m, 1m), Money(await ledger.Spent("e", "t", Noon)));
        }

        Assert.All(Directory.GetFiles(_folder.Path, "ledger.db*"), file =>
            Assert.DoesNotContain("the-conversation-of-ada", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file)), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_closed_ledger_says_so()
    {
        var ledger = new SqliteCostLedger(_folder.Path);
        await ledger.DisposeAsync();
        await ledger.DisposeAsync();
        Assert.Equal(ProblemCodes.Stopping, (await Assert.ThrowsAsync<ProblemException>(async () => await ledger.Reserve(Try()))).Problem.Code);
        Assert.Equal(ProblemCodes.Stopping, (await Assert.ThrowsAsync<ProblemException>(async () => await ledger.Spent("e", "t", Noon))).Problem.Code);
    }
}

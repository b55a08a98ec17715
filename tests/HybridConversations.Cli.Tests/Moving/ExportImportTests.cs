using System.Text;
using HybridConversations.Cli.Tests.Commands;
using HybridConversations.InProcess;
using HybridConversations.Storage;
using HybridConversations.Tests.Common;

namespace HybridConversations.Cli.Tests.Moving;

/// <summary>Conversations leave a server that goes on, and are the same elsewhere.</summary>
public sealed class ExportImportTests : IDisposable
{
    private const string Deleted = "the combination is 4711";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_backup_and_an_export_taken_under_load_hold_every_conversation_that_was_there()
    {
        var data = Path.Combine(_folder.Path, "data");
        Dictionary<string, List<TurnRecord>> before = [];
        string[] exported;
        await using (var server = await TestServer.Start(machine: new ScriptedMachine(data)))
        {
            for (var i = 0; i < 12; i++)
            {
                await Say(server, $"c{i}", "first", $"words of {i}");
                await Say(server, $"c{i}", "second", "und größer 😀");
            }

            await Say(server, "acme∕kiosk", "first", "of a tenant");
            await Say(server, "gone", "first", Deleted);
            Assert.NotNull(await server.Machine.Conversations.Get("gone").Forget());
            foreach (var id in Enumerable.Range(0, 12).Select(i => $"c{i}").Append("acme∕kiosk"))
            {
                before[id] = [.. (await server.Machine.Conversations.Get(id).Read(0, 200))!.Turns];
            }

            using var enough = new CancellationTokenSource();
            var load = Task.WhenAll(Enumerable.Range(0, 4).Select(i => Load(server, i, enough.Token)));
            var backup = await HcProcess.Run("backup", Path.Combine(_folder.Path, "backup"), "--data", data);
            var export = await HcProcess.Run("export", "--url", server.Address.ToString(), "--out", Path.Combine(_folder.Path, "all.jsonl"));
            var folder = await HcProcess.Run("export", "--data", data, "--out", Path.Combine(_folder.Path, "folder.jsonl"));
            var tenant = await HcProcess.Run("export", "--data", data, "--tenant", "acme");
            var again = await HcProcess.Run("backup", Path.Combine(_folder.Path, "backup"), "--data", data);
            await enough.CancelAsync();
            await load;
            Assert.All((HcProcess[])[backup, export, folder, tenant], run => Assert.Equal(0, run.ExitCode));
            Assert.Equal(2, again.ExitCode);
            Assert.Contains("is there already", Assert.Single(again.ErrorLines));
            Assert.Equal(3, tenant.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
            Assert.Contains("of a tenant", tenant.Output);
        }

        // Restored three ways: the copy as it is, and both exports, into a folder and to a server.
        await Holds(Path.Combine(_folder.Path, "backup"), before);
        var imported = await HcProcess.Run("import", Path.Combine(_folder.Path, "folder.jsonl"), "--data", Path.Combine(_folder.Path, "new"));
        Assert.Equal((0, ""), (imported.ExitCode, imported.Output));
        await Holds(Path.Combine(_folder.Path, "new"), before);
        await using (var elsewhere = await TestServer.Start(machine: new ScriptedMachine(Path.Combine(_folder.Path, "elsewhere"))))
        {
            var brought = await HcProcess.Run("import", Path.Combine(_folder.Path, "all.jsonl"), "--url", elsewhere.Address.ToString());
            Assert.Equal(0, brought.ExitCode);
            var twice = await HcProcess.Run("import", Path.Combine(_folder.Path, "all.jsonl"), "--url", elsewhere.Address.ToString());
            Assert.Contains("0 conversations were brought", twice.Errors);
        }

        await Holds(Path.Combine(_folder.Path, "elsewhere"), before);
        exported = [Path.Combine(_folder.Path, "all.jsonl"), Path.Combine(_folder.Path, "folder.jsonl"), .. Directory.GetFiles(Path.Combine(_folder.Path, "backup"))];
        Assert.All(exported, file => Assert.Equal(-1, File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Deleted))));
    }

    [Fact]
    public async Task A_conversation_longer_than_a_page_and_than_what_one_may_begin_with_comes_whole()
    {
        const int Count = 1250;
        var (data, file) = (Path.Combine(_folder.Path, "long"), Path.Combine(_folder.Path, "long.jsonl"));
        await using (var store = SqliteConversationStore.OpenFolder(new SqliteStoreOptions { Folder = data }))
        {
            var turns = Enumerable.Range(1, Count).Select(i => new TurnRecord
            {
                Sequence = i,
                TurnId = $"t{i}",
                User = $"said {i}",
                Reply = $"answered {i}",
                State = TurnState.Completed,
                StartedAt = DateTimeOffset.UnixEpoch.AddSeconds(i),
            }).ToList();
            await store.Open("long").Begin(turns, new ConversationHead { Id = "long", Turns = Count, LastSequence = Count, System = "Be long.", Note = "{\"k\":\"v\"}", UpdatedAt = DateTimeOffset.UtcNow });
        }

        Assert.Equal(0, (await HcProcess.Run("export", "--data", data, "--conversation", "long", "--out", file)).ExitCode);
        Assert.Equal(0, (await HcProcess.Run("import", file, "--data", Path.Combine(_folder.Path, "there"))).ExitCode);
        using var archive = new FolderArchive(Path.Combine(_folder.Path, "there"));
        var read = new List<TurnRecord>();
        for (long? after = 0; after is { } from; after = null)
        {
            var page = (await archive.Read("long", from, Count + 1))!;
            read.AddRange(page.Turns);
            Assert.Equal(("Be long.", "{\"k\":\"v\"}", Count), (page.System, page.Note, page.TurnCount));
        }

        Assert.Equal(Enumerable.Range(1, Count).Select(i => (i, $"answered {i}")), read.Select(turn => ((int)turn.Sequence, turn.Reply)));
    }

    [Theory]
    [InlineData("", "is no export")]
    [InlineData("{\"format\":\"hybrid-conversations\",\"version\":2}\n", "later release")]
    [InlineData("{\"format\":\"hybrid-conversations\",\"version\":1}\n", "was cut off")]
    [InlineData("{\"format\":\"hybrid-conversations\",\"version\":1}\n{\"id\":\n", "line 2 cannot be read")]
    [InlineData("{\"format\":\"hybrid-conversations\",\"version\":1}\n{\"conversations\":3,\"turns\":1}\n", "says that it has 3")]
    public async Task What_is_no_whole_export_brings_nothing(string text, string why)
    {
        var file = Path.Combine(_folder.Path, "broken.jsonl");
        await File.WriteAllTextAsync(file, text);
        var run = await HcProcess.Run("import", file, "--data", Path.Combine(_folder.Path, "none"));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(why, Assert.Single(run.ErrorLines));
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "none")));
    }

    private static async Task Say(TestServer server, string id, string turnId, string text) =>
        Assert.IsType<ReplyCompleted>(await server.Machine.Conversations.Get(id).Say(new Turn { TurnId = turnId, Text = text }).LastAsync());

    private static async Task Load(TestServer server, int talker, CancellationToken enough)
    {
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            await Say(server, i % 3 == 0 ? $"load-{talker}-{i}" : $"c{talker}", $"load-{talker}-{i}", "while it is copied");
        }
    }

    private static async Task Holds(string folder, Dictionary<string, List<TurnRecord>> before)
    {
        using var archive = new FolderArchive(folder);
        foreach (var (id, turns) in before)
        {
            var page = await archive.Read(id, 0, 200);
            Assert.Equal(turns.Select(Words), page!.Turns.Take(turns.Count).Select(Words));
        }

        Assert.Null(await archive.Read("gone", 0, 1));

        static (string, string, string, TurnState, FinishReason?, DateTimeOffset, DateTimeOffset?) Words(TurnRecord turn) =>
            (turn.TurnId, turn.User, turn.Reply, turn.State, turn.FinishReason, turn.StartedAt, turn.EndedAt);
    }
}

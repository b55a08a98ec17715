using HybridConversations.Tests.Common;

namespace HybridConversations.EndToEnd.Tests;

public sealed class FullDiskTests
{
    [SkippableFact]
    public async Task On_a_small_disk_snapshots_make_room_for_turns_and_a_full_one_refuses_them_clearly()
    {
        using var disk = SmallDisk.TryMount(24 << 20, out var reason);
        Skip.If(disk is null, reason);
        var said = new List<(string Id, string TurnId, string Text, string Reply)>();
        await using (var server = await ServerProcess.Start(disk.Path))
        {
            // Twice what the disk holds of KV; no turn is refused for it.
            for (var i = 0; i < 40; i++)
            {
                await Say(server, $"c{i}", "1", string.Concat(Enumerable.Repeat("Tell me a story about a lamp and a dog. ", 20)));
            }

            Assert.True(disk.Free > 3 << 20, $"{disk.Free} bytes are left");

            // Somebody else takes the rest.
            var filler = Path.Combine(disk.Path, "filler");
            Fill(filler);
            Problem? refused = null;
            for (var i = 0; refused is null; i++)
            {
                Assert.True(i < 2000, "The full disk was never noticed.");
                try
                {
                    // Words that fit the model: a snapshot that goes leaves room for a turn or two, which are answered then.
                    await Say(server, "full", $"{i}", new string('x', 500));
                }
                catch (ProblemException error)
                {
                    refused = error.Problem;
                }
            }

            Assert.Equal((ProblemCodes.Storage, 507, true), (refused.Code, refused.Status, refused.Retryable));
            Assert.Contains("no room", refused.Detail);

            File.Delete(filler);
            await Say(server, "full", "after", "My name is Ada.");
            Assert.Equal(0, await server.Stop());
        }

        await using (var server = await ServerProcess.Start(disk.Path))
        {
            foreach (var (id, turnId, text, reply) in said)
            {
                var replay = await server.Conversations.Get(id).Ask(text, turnId);
                Assert.True(replay.Replayed, $"{id} {turnId}");
                Assert.Equal(reply, replay.Text);
            }
        }

        async Task Say(ServerProcess server, string id, string turnId, string text) =>
            said.Add((id, turnId, text, (await server.Conversations.Get(id).Ask(text, turnId)).Text));
    }

    private static void Fill(string path)
    {
        using var filler = File.Create(path);
        try
        {
            while (true)
            {
                filler.Write(new byte[4096]);
                filler.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }
}

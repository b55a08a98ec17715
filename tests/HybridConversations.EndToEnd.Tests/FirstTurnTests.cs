using System.Net.Http.Json;

namespace HybridConversations.EndToEnd.Tests;

/// <summary>The first turn after a start, and prompts that break their prefix, on the real server.</summary>
public sealed class FirstTurnTests : IDisposable
{
    private static readonly string System = "You are Pip, a helpful voice assistant. " + string.Concat(Enumerable.Range(0, 20).Select(i => $"Rule {i}: be kind and plain. "));
    private readonly string _data = Directory.CreateTempSubdirectory("hc-first-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task The_first_turn_after_a_restart_reads_its_own_words_only()
    {
        TokenUsage steady;
        await using (var server = await ServerProcess.Start(_data))
        {
            await server.Conversations.Get("a").Ask("My name is Ada.", system: System);
            await server.Conversations.Get("b").Ask("Tell me a joke.", system: System);
            steady = (await server.Conversations.Get("c").Ask("What is 2 plus 3?", system: System)).Usage;
            Assert.Equal(0, await server.Stop());
        }

        await using (var server = await ServerProcess.Start(_data))
        {
            var first = (await server.Conversations.Get("d").Ask("What is 4 plus 5?", system: System)).Usage;
            Assert.True(steady.PromptTokens > 200 && first.PromptTokens == steady.PromptTokens, $"{steady} {first}");
            Assert.Equal(steady.ReadTokens, first.ReadTokens);
            Assert.InRange(first.ReadTokens, 1, 24);
            Assert.Equal(0, first.Reused!.Snapshot); // it had come from disk before anybody asked

            // A conversation of before the restart goes on where it was.
            var known = await server.Conversations.Get("a").Ask("What is my name?");
            Assert.Contains("Ada", known.Text);
            Assert.InRange(known.Usage.ReadTokens, 1, 48);

            // The rehearsal has left nothing behind.
            var list = await server.Conversations.List(null, 100);
            Assert.Equal(["a", "b", "c", "d"], list.Conversations.Select(c => c.Id).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task A_pinned_prompt_is_ready_for_its_very_first_caller()
    {
        var file = Path.Combine(_data, "pip.txt");
        await File.WriteAllTextAsync(file, System + "\n");
        await using (var before = await ServerProcess.Start(_data, "--pinned-prompts", file))
        {
            Assert.Equal(0, await before.Stop()); // it was read once
        }

        await using var server = await ServerProcess.Start(_data, "--pinned-prompts", file);
        var usage = (await server.Conversations.Get("a").Ask("Hello.", system: System)).Usage;
        Assert.True(usage.Reused!.SharedPrefix > 200, usage.ToString());
        Assert.InRange(usage.ReadTokens, 1, 16);
    }

    [Fact]
    public async Task A_clock_in_a_clients_system_prompt_is_told_once_in_the_log()
    {
        await using var server = await ServerProcess.Start(_data);
        foreach (var time in new[] { "12:05:31", "12:05:44", "12:06:02" })
        {
            using var answer = await server.Http.PostAsJsonAsync("v1/chat/completions", new
            {
                messages = new[] { new { role = "system", content = $"It is {time} now. {System}" }, new { role = "user", content = "Hello." } },
                max_tokens = 4,
            });
            answer.EnsureSuccessStatusCode();
        }

        Assert.Equal(0, await server.Stop());
        var line = Assert.Single((await server.Errors).Split('\n'), line => line.Contains("leaves the one before at token", StringComparison.Ordinal));
        Assert.Contains("looks like a clock", line);
        Assert.Contains("12:05:", line);
    }
}

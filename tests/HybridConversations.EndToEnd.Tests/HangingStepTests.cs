namespace HybridConversations.EndToEnd.Tests;

/// <summary>A step of the real server that never comes back.</summary>
public sealed class HangingStepTests : IDisposable
{
    private const int Talkers = 12;
    private readonly string _data = Directory.CreateTempSubdirectory("hc-hanging-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [SkippableFact]
    public async Task The_server_ends_when_it_is_told_to_and_says_what_became_of_the_replies()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Threads are stopped with Linux's ptrace.");
        await using var server = await ServerProcess.Start(_data, "--threads", "1");
        var talking = new CountdownEvent(Talkers);
        var ends = Enumerable.Range(0, Talkers).Select(i => Task.Run(() => Talk(server, i, talking))).ToArray();
        Assert.True(talking.Wait(TimeSpan.FromMinutes(1)), "Not everybody is answered.");
        Skip.IfNot(await StoppedThread.Stop(server.Id, "inference engi"), "This system lets nobody stop a thread of its child.");
        Assert.Equal(0, await server.Stop());
        Assert.Contains("it is left behind", await server.Errors, StringComparison.Ordinal);

        // A reply may have been whole before; each of the others was told, and may be asked for again under its id.
        var cut = (await Task.WhenAll(ends)).Select((end, i) => (i, end.Problem)).Where(end => end.Problem is not null).ToArray();
        Assert.NotEmpty(cut);
        Assert.All(cut, end => Assert.Equal(ProblemCodes.Stopping, end.Problem!.Code));
        await using var again = await ServerProcess.Start(_data);
        Assert.NotEmpty((await again.Conversations.Get($"hangs-{cut[0].i}").Ask("Tell me a story.", "t")).Text);
    }

    /// <summary>Says when the reply has begun, and returns how it ended.</summary>
    private static async Task<(ReplyEvent? Last, Problem? Problem)> Talk(ServerProcess server, int number, CountdownEvent talking)
    {
        var turn = new Turn { TurnId = "t", Text = "Tell me a story.", Sampling = new SamplingOptions { MaxTokens = 900, IgnoreEnd = true } };
        var begun = false;
        ReplyEvent? last = null;
        await foreach (var e in server.Conversations.Get($"hangs-{number}").Say(turn))
        {
            last = e;
            if (e is ReplyText && !begun)
            {
                begun = true;
                talking.Signal();
            }
        }

        return (last, (last as ReplyFailed)?.Problem);
    }
}

using System.Diagnostics;
using HybridConversations.Tests.Common;

namespace HybridConversations.EndToEnd.Tests;

/// <summary>A model file that is changed under the real server by somebody who knows nothing of it.</summary>
public sealed class ChangedModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public ChangedModelTests()
    {
        _model = _folder.File("model.gguf");
        File.Copy(RepositoryFiles.DemoModel, _model);
    }

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("truncate -s 4096")]
    [InlineData("dd if=/dev/zero conv=notrunc bs=64k seek=4 count=8 status=none of=")]
    public async Task A_file_that_was_read_may_change(string change)
    {
        await using var server = await ServerProcess.Start(Directory.CreateDirectory(_folder.File("data")).FullName, "--model", _model);
        var before = await Say(server, "before");
        await Change(change);
        Assert.Equal(before, await Say(server, "after"));
        Assert.Equal(0, await server.Stop());
    }

    [SkippableTheory]
    [InlineData("truncate -s 4096")]
    [InlineData("dd if=/dev/zero conv=notrunc bs=64k seek=4 count=8 status=none of=")]
    public async Task With_a_file_that_is_mapped_the_server_says_so_and_ends_to_be_started_anew(string change)
    {
        await using var server = await ServerProcess.Start(Directory.CreateDirectory(_folder.File("data")).FullName, "--model", _model, "--mmap", "on", "--warm-up", "off");
        Assert.NotEmpty(await Say(server, "before"));
        await Change(change);
        Assert.Equal(1, await server.Ended());
        Assert.Contains("was changed while it was served", await server.Errors, StringComparison.Ordinal);
    }

    private static async Task<string> Say(ServerProcess server, string conversation)
    {
        var reply = "";
        await foreach (var e in server.Conversations.Get(conversation).Say(new Turn { TurnId = "t", Text = "Tell me a story.", Sampling = new SamplingOptions { Seed = 7, MaxTokens = 40 } }))
        {
            reply = e is ReplyCompleted completed ? completed.Text : reply;
        }

        return reply;
    }

    private async Task Change(string command)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Other programs write as on Linux.");
        using var shell = Process.Start("sh", ["-c", $"{command}{(command.EndsWith('=') ? "" : " ")}'{_model}'"]);
        await shell.WaitForExitAsync();
        Assert.Equal(0, shell.ExitCode);
    }
}

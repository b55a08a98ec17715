using HybridConversations.Inference.Models;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.Models;

public sealed class ModelHashTests
{
    private static readonly string Expected = File.ReadAllText(RepositoryFiles.DemoModel + ".sha256")[..64];

    [Fact]
    public async Task Is_the_files_SHA_256()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(Expected, await ModelHash.Compute(RepositoryFiles.DemoModel, folder.Path));
    }

    [Fact]
    public async Task Is_remembered_until_the_file_changes()
    {
        using var folder = new TemporaryFolder();
        var model = folder.Write("model", [1, 2, 3]);
        var hash = await ModelHash.Compute(model, folder.File("cache"));
        var entry = Assert.Single(Directory.GetFiles(folder.File("cache"), "*", SearchOption.AllDirectories));
        var planted = new string('a', 64);

        await File.WriteAllTextAsync(entry, planted);
        Assert.Equal(planted, await ModelHash.Compute(model, folder.File("cache")));

        File.SetLastWriteTimeUtc(model, DateTime.UnixEpoch);
        Assert.Equal(hash, await ModelHash.Compute(model, folder.File("cache")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("zz")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_damaged_memory_is_ignored(string content)
    {
        using var folder = new TemporaryFolder();
        var hash = await ModelHash.Compute(RepositoryFiles.DemoModel, folder.Path);
        await File.WriteAllTextAsync(Assert.Single(Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories)), content);

        Assert.Equal(hash, await ModelHash.Compute(RepositoryFiles.DemoModel, folder.Path));
    }

    [Fact]
    public async Task A_memory_that_cannot_be_written_does_no_harm()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("file", []);

        Assert.Equal(Expected, await ModelHash.Compute(RepositoryFiles.DemoModel, file));
    }

    [Fact]
    public async Task The_memory_is_bounded()
    {
        using var folder = new TemporaryFolder();
        var entries = Directory.CreateDirectory(folder.File("model-hashes")).FullName;
        for (var index = 0; index < 300; index++)
        {
            await File.WriteAllTextAsync(Path.Combine(entries, $"{index}"), "");
        }

        await ModelHash.Compute(RepositoryFiles.DemoModel, folder.Path);

        Assert.Equal(256, Directory.GetFiles(entries).Length);
        Assert.Equal(Expected, await ModelHash.Compute(RepositoryFiles.DemoModel, folder.Path));
    }
}

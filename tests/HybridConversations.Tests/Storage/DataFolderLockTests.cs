using HybridConversations.Storage;
using HybridConversations.Tests.Common;

namespace HybridConversations.Tests.Storage;

public sealed class DataFolderLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_folder_belongs_to_one_at_a_time()
    {
        var first = DataFolderLock.Acquire(_folder.Path);
        var refused = Assert.Throws<ProblemException>(() => DataFolderLock.Acquire(_folder.Path)).Problem;
        Assert.Equal(ProblemCodes.Storage, refused.Code);
        Assert.False(refused.Retryable);
        Assert.Contains(_folder.Path, refused.Detail, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId}", refused.Detail, StringComparison.Ordinal);

        first.Dispose();
        using var second = DataFolderLock.Acquire(_folder.Path);
        Assert.Equal(_folder.Path, second.Folder);
    }

    [Fact]
    public void A_missing_folder_is_created_for_this_user_only()
    {
        using var held = DataFolderLock.Acquire(_folder.File("new/data"));
        Assert.True(Directory.Exists(_folder.File("new/data")));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.File("new/data")));
        }
    }

    [Fact]
    public void A_file_where_the_folder_should_be_is_refused()
    {
        File.WriteAllText(_folder.File("data"), "not a folder");
        var refused = Assert.Throws<ProblemException>(() => DataFolderLock.Acquire(_folder.File("data"))).Problem;
        Assert.Contains(_folder.File("data"), refused.Detail, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}

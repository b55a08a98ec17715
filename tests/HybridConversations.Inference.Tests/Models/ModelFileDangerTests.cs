using System.Diagnostics;
using HybridConversations.Inference.Models;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.Models;

/// <summary>Model files that are none, that change while they are served, or that do not fit.</summary>
public sealed class ModelFileDangerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task A_pipe_is_refused_instead_of_waited_for()
    {
        Skip.IfNot(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Pipes are made as on Unix.");
        var pipe = Path.Combine(_folder.Path, "model.gguf");
        using (var made = Process.Start("mkfifo", [pipe]))
        {
            await made.WaitForExitAsync();
        }

        File.CreateSymbolicLink(Path.Combine(_folder.Path, "link.gguf"), pipe);
        foreach (var name in (string[])["model.gguf", "link.gguf"])
        {
            var refused = await Assert.ThrowsAsync<ModelFileException>(() => Task.Run(() => GgufFile.Read(Path.Combine(_folder.Path, name))).WaitAsync(TimeSpan.FromMinutes(1)));
            Assert.Contains("a pipe or a device", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_link_to_a_model_is_a_model()
    {
        var link = Path.Combine(_folder.Path, "link.gguf");
        File.CreateSymbolicLink(link, RepositoryFiles.DemoModel);
        Assert.NotEmpty(GgufFile.Read(link).Tensors);
    }

    [SkippableTheory]
    [InlineData("cut")]
    [InlineData("overwritten")]
    [InlineData("replaced")]
    [InlineData("deleted")]
    public async Task A_mapped_file_that_changes_is_told_and_one_that_is_replaced_is_not(string how)
    {
        Skip.IfNot(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Other programs write as on Unix.");
        var path = Path.Combine(_folder.Path, "mapped.gguf");
        await File.WriteAllBytesAsync(path, new byte[5000]);
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await using var watch = new ModelFileWatch(path, TimeProvider.System);
        watch.Compare();
        Assert.False(watch.Changed.IsCompleted);
        switch (how)
        {
            case "cut":
                await Shell($"truncate -s 100 '{path}'");
                break;
            case "overwritten":
                await Shell($"printf other | dd of='{path}' conv=notrunc status=none");
                break;
            case "replaced":
                await File.WriteAllBytesAsync(path + ".new", new byte[3]);
                File.Move(path + ".new", path, overwrite: true);
                break;
            default:
                File.Delete(path);
                break;
        }

        watch.Compare();
        Assert.Equal(how is "cut" or "overwritten", watch.Changed.IsCompleted);
        if (watch.Changed.IsCompleted)
        {
            Assert.Contains("was changed while it was served", await watch.Changed, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("0::/a/b\n", "a/b/memory.max", "1000\n", 1000)]
    [InlineData("0::/a/b\n", "a/memory.max", "2000\n", 2000)]
    [InlineData("0::/a/b\n", "a/b/memory.max", "max\n", null)]
    [InlineData("4:memory:/x\n0::/\n", "memory/x/memory.limit_in_bytes", "3000\n", 3000)]
    [InlineData("4:memory:/x\n", "memory/memory.limit_in_bytes", "9223372036854771712\n", null)]
    [InlineData("3:cpu:/x\n", "memory/x/memory.limit_in_bytes", "3000\n", null)]
    public void A_groups_limit_is_found_at_any_height(string groups, string file, string content, int? limit)
    {
        var path = Path.Combine(_folder.Path, "sys", file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        var list = Path.Combine(_folder.Path, "cgroup");
        File.WriteAllText(list, groups);
        Assert.Equal((long?)limit, MemoryLimit.Bytes(list, Path.Combine(_folder.Path, "sys")));
    }

    [Fact]
    public void A_model_that_does_not_fit_is_told_in_one_sentence()
    {
        var file = GgufFile.Read(RepositoryFiles.DemoModel);
        Assert.Null(ModelMemory.Fault(file, 8192, 2, 1 << 20, null));
        Assert.Null(ModelMemory.Fault(file, 8192, 2, 1 << 20, 1L << 40));
        var fault = ModelMemory.Fault(file, 8192, 2, 1 << 20, file.WeightBytes);
        Assert.Contains("for 8192 tokens of KV memory", fault, StringComparison.Ordinal);
        Assert.Contains("Raise that limit", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_to_be_left_to_others_is_left()
    {
        var file = GgufFile.Read(RepositoryFiles.DemoModel);
        var memory = Path.Combine(_folder.Path, "meminfo");
        File.WriteAllText(memory, $"MemTotal:        7802880 kB\nMemFree:          412332 kB\nMemAvailable:    {(file.WeightBytes + (512 << 20)) / 1024} kB\n");
        var available = MachineMemory.Read(memory).AvailableBytes;

        Assert.Null(ModelMemory.ReserveFault(file, 1024, 2, 0, available));
        Assert.Null(ModelMemory.ReserveFault(file, 1024, 2, 256 << 20, available));
        var fault = ModelMemory.ReserveFault(file, 65_536, 2, 448 << 20, available);
        Assert.Contains("448 MiB are to be left", fault, StringComparison.Ordinal);
        Assert.Matches(@"--context \d+ fits", fault);
        Assert.Null(ModelMemory.ReserveFault(file, 65_536, 2, 448 << 20, MachineMemory.Read(memory + ".none").AvailableBytes));
    }

    /// <summary>Another program, which knows nothing of the locks by which .NET keeps its own apart.</summary>
    private static async Task Shell(string command)
    {
        using var shell = Process.Start("sh", ["-c", command]);
        await shell.WaitForExitAsync();
        Assert.Equal(0, shell.ExitCode);
    }
}

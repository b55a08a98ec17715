using HybridConversations.Inference.LlamaCpp;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.LlamaCpp;

public sealed class PhysicalProcessorsTests
{
    [Fact]
    public void Threads_of_one_core_count_once()
    {
        using var folder = new TemporaryFolder();
        for (var cpu = 0; cpu < 8; cpu++)
        {
            Directory.CreateDirectory(folder.File($"cpu{cpu}/topology"));
            File.WriteAllText(folder.File($"cpu{cpu}/topology/thread_siblings_list"), $"{cpu % 4},{cpu % 4 + 4}\n");
        }

        Directory.CreateDirectory(folder.File("cpufreq"));

        Assert.Equal(4, PhysicalProcessors.Count(folder.Path, usable: 8));
        Assert.Equal(3, PhysicalProcessors.Count(folder.Path, usable: 3));
    }

    [Fact]
    public void Where_the_system_does_not_say_every_processor_counts()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(6, PhysicalProcessors.Count(folder.Path, usable: 6));
        Assert.Equal(6, PhysicalProcessors.Count(folder.File("none"), usable: 6));
        Assert.InRange(PhysicalProcessors.Count(), 1, Environment.ProcessorCount);
    }
}

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>Processors without their hyper-threads: matrix products gain nothing from a second thread on the same core.</summary>
internal static class PhysicalProcessors
{
    /// <summary>Cores of this machine, at most the processors this process may use; <see cref="Environment.ProcessorCount"/> where the system does not say.</summary>
    public static int Count() => Count("/sys/devices/system/cpu", Environment.ProcessorCount);

    internal static int Count(string folder, int usable)
    {
        try
        {
            var cores = Directory.EnumerateDirectories(folder, "cpu*")
                .Where(cpu => Path.GetFileName(cpu).AsSpan(3) is { Length: > 0 } number && !number.ContainsAnyExceptInRange('0', '9'))
                .Select(cpu => Path.Combine(cpu, "topology", "thread_siblings_list"))
                .Where(File.Exists)
                .Select(File.ReadAllText)
                .Distinct().Count();
            return cores == 0 ? usable : Math.Min(cores, usable);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return usable;
        }
    }
}

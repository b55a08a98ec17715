using System.Globalization;

namespace HybridConversations.Inference.Models;

/// <summary>The memory that a cgroup (a container, a systemd unit) leaves to this process. Whoever takes more is killed without a word, so it is looked at before a model is read.</summary>
internal static class MemoryLimit
{
    /// <summary>Larger values are how version 1 says that there is none.</summary>
    private const long None = 1L << 60;

    /// <summary>Bytes; null where there is no limit.</summary>
    /// <param name="groups">The process's groups, as <c>/proc/self/cgroup</c> lists them.</param>
    /// <param name="hierarchy">Where the groups' files lie.</param>
    public static long? Bytes(string groups = "/proc/self/cgroup", string hierarchy = "/sys/fs/cgroup")
    {
        try
        {
            return File.Exists(groups) ? File.ReadLines(groups).SelectMany(line => Files(line, hierarchy)).Select(Limit).Where(limit => limit is not null).Min() : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The files of a group and of all groups above it: each limits what is in it.</summary>
    private static IEnumerable<string> Files(string line, string hierarchy)
    {
        if (line.Split(':', 3) is not [_, var controllers, var path] || (controllers.Length > 0 && !controllers.Split(',').Contains("memory")))
        {
            yield break;
        }

        var (root, file) = controllers.Length == 0 ? (hierarchy, "memory.max") : (Path.Combine(hierarchy, "memory"), "memory.limit_in_bytes");
        for (var group = path; ; group = group[..group.LastIndexOf('/')])
        {
            yield return $"{root}{group.TrimEnd('/')}/{file}";
            if (group.TrimEnd('/').Length == 0)
            {
                yield break;
            }
        }
    }

    private static long? Limit(string file) =>
        File.Exists(file) && long.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit < None ? limit : null;
}

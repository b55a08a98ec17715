namespace HybridConversations.Cli.Doctor;

/// <summary>Redis: only a fleet wants it.</summary>
internal static class RedisCheck
{
    public static Finding Examine()
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);
        return Finding.Ok("redis", found is null ? "not here (one machine does without; a fleet wants one somewhere)" : $"{found} (for a fleet)");
    }
}

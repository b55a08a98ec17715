using System.Security.Cryptography;
using System.Text;

namespace HybridConversations.Inference.Models;

/// <summary>
/// SHA-256 of a model file. Hashing 2 GB takes a Jetson seconds, so the result is remembered in the user's cache folder under path, size and time of the
/// last change; nothing is written beside the model, and a cache that cannot be written only costs time.
/// </summary>
public static class ModelHash
{
    private const int Characters = 64;
    private const int MaxEntries = 256;

    /// <summary>The hash in lower-case hex.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cacheFolder">Where results are remembered; null for <see cref="DefaultCacheFolder"/>.</param>
    /// <param name="cancellationToken">Ends the hashing.</param>
    public static async Task<string> Compute(string path, string? cacheFolder = null, CancellationToken cancellationToken = default)
    {
        var file = new FileInfo(path);
        var key = Encoding.UTF8.GetBytes($"{file.FullName}\n{file.Length}\n{file.LastWriteTimeUtc.Ticks}");
        var entry = Path.Combine(cacheFolder ?? DefaultCacheFolder(), "model-hashes", Convert.ToHexStringLower(SHA256.HashData(key)));
        if (Remembered(entry) is { } known)
        {
            return known;
        }

        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan | FileOptions.Asynchronous);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false));
        Remember(entry, hash);
        return hash;
    }

    /// <summary><c>$XDG_CACHE_HOME/hybrid-conversations</c>, else <c>~/.cache/hybrid-conversations</c>.</summary>
    public static string DefaultCacheFolder()
    {
        var caches = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(caches) || !Path.IsPathRooted(caches))
        {
            caches = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        }

        return Path.Combine(caches, "hybrid-conversations");
    }

    private static string? Remembered(string entry)
    {
        try
        {
            return File.Exists(entry) && new FileInfo(entry).Length == Characters && File.ReadAllText(entry) is var hash
                && hash.All(char.IsAsciiHexDigitLower) ? hash : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Remember(string entry, string hash)
    {
        try
        {
            var folder = Directory.CreateDirectory(Path.GetDirectoryName(entry)!);
            foreach (var old in folder.EnumerateFiles().OrderByDescending(file => file.LastWriteTimeUtc).Skip(MaxEntries - 1))
            {
                old.Delete();
            }

            var draft = $"{entry}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}";
            File.WriteAllText(draft, hash);
            File.Move(draft, entry, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // Only a cache.
        }
    }
}

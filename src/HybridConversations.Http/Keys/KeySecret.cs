using System.Security.Cryptography;
using System.Text;

namespace HybridConversations.Http.Keys;

/// <summary>The text of a key: <c>hc_ID_SECRET</c>, letters and digits. Only its hash is kept.</summary>
public static class KeySecret
{
    /// <summary>What every key made here begins with.</summary>
    public const string Prefix = "hc_";

    /// <summary>Characters that a key from the environment has at least.</summary>
    public const int MinCharacters = 24;

    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private const int IdLetters = 8;
    private const int SecretLetters = 32;

    /// <summary>A new key, and what is kept of it.</summary>
    public static (string Key, ApiKey Kept) Make(string name, KeyRole role, string tenant, DateTimeOffset now)
    {
        var id = RandomNumberGenerator.GetString(Letters, IdLetters);
        var key = $"{Prefix}{id}_{RandomNumberGenerator.GetString(Letters, SecretLetters)}";
        return (key, new ApiKey { Id = id, Name = name, Role = role, Tenant = tenant, Hash = Hash(key), CreatedAt = now });
    }

    /// <summary>SHA-256 in lower-case hex.</summary>
    public static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>Compares all kept hashes in the same time whether the key is right, nearly right or wrong.</summary>
    public static ApiKey? Find(string key, IReadOnlyList<ApiKey> kept)
    {
        var hash = Encoding.ASCII.GetBytes(Hash(key));
        ApiKey? found = null;
        foreach (var candidate in kept)
        {
            found = CryptographicOperations.FixedTimeEquals(hash, Encoding.ASCII.GetBytes(candidate.Hash)) ? candidate : found;
        }

        return found;
    }
}

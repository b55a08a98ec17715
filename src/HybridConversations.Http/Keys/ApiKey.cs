using System.Text.Json.Serialization;

namespace HybridConversations.Http.Keys;

/// <summary>A key as it is kept: never itself, only its hash.</summary>
public sealed record ApiKey
{
    /// <summary>The tenant of those who may see all tenants.</summary>
    public const string AllTenants = "*";

    /// <summary>Names it in lists and logs; part of the key's text, and no secret.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is, in words.</summary>
    public string Name { get; init; } = "";

    /// <summary>What its bearer may do.</summary>
    public required KeyRole Role { get; init; }

    /// <summary>Whose conversations it is for; <see cref="AllTenants"/> for everyone's.</summary>
    public required string Tenant { get; init; }

    /// <summary>SHA-256 of the whole key, lower-case hex. The key has 190 random bits, so that no salt or slow hash is needed.</summary>
    public required string Hash { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>The file of keys.</summary>
/// <param name="Keys">All of them.</param>
internal sealed record KeyDocument(IReadOnlyList<ApiKey> Keys);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(KeyDocument))]
internal sealed partial class KeyJson : JsonSerializerContext;

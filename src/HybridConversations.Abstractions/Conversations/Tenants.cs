namespace HybridConversations;

/// <summary>
/// Whose a conversation is: its tenant's name stands before its id, behind it <see cref="Separator"/>. Ids without it are those of the tenant <see cref="Default"/>, and of everyone
/// where no keys are asked for.
/// </summary>
public static class Tenants
{
    /// <summary>Whoever is nobody else.</summary>
    public const string Default = "default";

    /// <summary>Stands between a tenant's name and its conversation's id: U+2215, which no name of a tenant has.</summary>
    public const char Separator = '∕';

    /// <summary>Characters of a tenant's name at most.</summary>
    public const int MaxCharacters = 40;

    /// <summary>True for 1 to <see cref="MaxCharacters"/> ASCII letters, digits, <c>-</c>, <c>_</c> and <c>.</c></summary>
    public static bool IsName(string name) => name.Length is > 0 and <= MaxCharacters && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');

    /// <summary>The tenant of a conversation as it is stored.</summary>
    public static string Of(string storedId) => storedId.IndexOf(Separator) is var at and >= 0 ? storedId[..at] : Default;

    /// <summary>The id under which a tenant's conversation is stored.</summary>
    public static string Stored(string tenant, string id) => tenant == Default ? id : $"{tenant}{Separator}{id}";

    /// <summary>The id as its tenant knows it.</summary>
    public static string Shown(string tenant, string storedId) => tenant == Default ? storedId : storedId[(tenant.Length + 1)..];
}

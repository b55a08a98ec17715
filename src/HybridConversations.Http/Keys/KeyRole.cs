namespace HybridConversations.Http.Keys;

/// <summary>What the bearer of a key may do. Each may also do what those before it may.</summary>
public enum KeyRole
{
    /// <summary>Look: lists, histories, the fleet.</summary>
    Read,

    /// <summary>Talk, interrupt and delete.</summary>
    Talk,

    /// <summary>Everything, also what concerns the whole server.</summary>
    Admin,
}

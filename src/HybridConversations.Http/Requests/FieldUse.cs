namespace HybridConversations.Http.Requests;

/// <summary>What becomes of a field of a request.</summary>
internal enum FieldUse
{
    /// <summary>It is heeded.</summary>
    Supported,

    /// <summary>Said about the caller or to another server's machinery: nothing of the answer depends on it.</summary>
    NoEffect,

    /// <summary>Would change the answer a little; it is passed over, and the answer names it.</summary>
    Ignored,

    /// <summary>Would change what the answer is: 400, unless its value asks for nothing.</summary>
    Refused,
}

using System.Security.Cryptography;

namespace HybridConversations.Inference.Replies;

/// <summary>Ids of calls: nine letters and digits, which every family's template takes.</summary>
internal static class CallIds
{
    private const string Characters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public static string Next() => RandomNumberGenerator.GetString(Characters, 9);
}

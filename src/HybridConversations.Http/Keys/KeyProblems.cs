namespace HybridConversations.Http.Keys;

/// <summary>Why somebody is not let in. Never quotes a key.</summary>
internal static class KeyProblems
{
    public static Problem Unauthorized(bool wrong) => new(ProblemCodes.Unauthorized, 401,
        (wrong ? "The key is not known here; it may have been revoked. " : "") + "Send 'Authorization: Bearer KEY' or 'x-api-key: KEY'. 'hc keys add' makes a key.");

    public static Problem Forbidden(KeyRole has, KeyRole needed) => new(ProblemCodes.Forbidden, 403,
        $"Its role is {has.ToString().ToLowerInvariant()}; this wants {needed.ToString().ToLowerInvariant()}.");

    public static Problem OtherTenant(string tenant) => new(ProblemCodes.Forbidden, 403,
        $"The body names another tenant than the key's: '{LogText.Of(tenant)}'. The key says whose conversations these are; leave \"tenant\" out.");

    public static Problem TooMany(int perMinute, int retryAfterMs) => new(ProblemCodes.RateLimited, 429,
        $"This tenant may send {perMinute} requests a minute. Wait, then send the same request again.", Retryable: true, retryAfterMs);
}

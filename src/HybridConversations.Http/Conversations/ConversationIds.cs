using System.Buffers;

namespace HybridConversations.Http.Conversations;

/// <summary>Which conversation ids there may be: 1 to 128 of letters, digits and <c>- _ . : @ ~</c>, not dots alone.</summary>
internal static class ConversationIds
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:@~");

    /// <returns>What is wrong with it; null when nothing is.</returns>
    public static string? Fault(string id) => id switch
    {
        { Length: 0 or > Limits.MaxIdCharacters } => $"A conversation id has 1 to {Limits.MaxIdCharacters} characters; this one has {id.Length}.",
        _ when id.AsSpan().IndexOfAnyExcept(Allowed) is var at and >= 0 =>
            $"A conversation id is made of the letters A to Z and a to z, digits and - _ . : @ ~ ; character {at + 1} of '{Shown(id)}' is something else.",
        "." or ".." => $"'{id}' cannot be part of an address; choose another conversation id.",
        _ => null,
    };

    /// <exception cref="ProblemException">It may not be.</exception>
    public static void Check(string id)
    {
        if (Fault(id) is { } fault)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest(fault));
        }
    }

    private static string Shown(string id) => new([.. id.Select(character => char.IsControl(character) ? '?' : character)]);
}

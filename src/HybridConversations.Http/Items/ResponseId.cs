using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using HybridConversations.Conversations;

namespace HybridConversations.Http.Items;

/// <summary>
/// The id of a response names its conversation and its turn there, so that any gateway of a fleet finds it without a table: <c>resp_</c>, 32 hexadecimal digits of a
/// conversation that was begun here and 16 of the turn; for names that others gave, <c>x</c> and both in base64url. 64 random bits of a turn and 128 of a
/// conversation cannot be guessed.
/// </summary>
/// <param name="ConversationId">The conversation.</param>
/// <param name="TurnId">The turn.</param>
internal readonly record struct ResponseId(string ConversationId, string TurnId)
{
    private const string Prefix = "resp_";
    private const string OwnConversation = "conv_";
    private const int ConversationDigits = 32;
    private const int TurnDigits = 16;
    private const int MaxCharacters = 2048;
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <summary>The conversation was begun here, under an id that nobody chose.</summary>
    public bool IsOwn => IsOwnConversation(ConversationId) && IsHex(TurnId, TurnDigits);

    /// <summary>What ids of items have in common with it.</summary>
    public string Token => IsOwn
        ? ConversationId[OwnConversation.Length..] + TurnId
        : "x" + Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{ConversationId}\0{TurnId}"));

    public static string NewConversation() => OwnConversation + RandomNumberGenerator.GetHexString(ConversationDigits, lowercase: true);

    public static string NewTurn() => RandomNumberGenerator.GetHexString(TurnDigits, lowercase: true);

    public static ResponseId New() => new(NewConversation(), NewTurn());

    public static bool TryParse([NotNullWhen(true)] string? text, out ResponseId id)
    {
        id = default;
        return text?.StartsWith(Prefix, StringComparison.Ordinal) is true && TryParseToken(text[Prefix.Length..], out id);
    }

    public static bool TryParseToken(string token, out ResponseId id)
    {
        id = default;
        if (IsHex(token, ConversationDigits + TurnDigits))
        {
            id = new ResponseId(OwnConversation + token[..ConversationDigits], token[ConversationDigits..]);
            return true;
        }

        if (token is not ['x', ..] || token.Length > MaxCharacters || !Base64Url.IsValid(token.AsSpan(1)))
        {
            return false;
        }

        // Whatever the bytes are: what is no conversation's id is none.
        var names = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token.AsSpan(1))).Split('\0');
        if (names.Length != 2 || names[1].Length is 0 or > Limits.MaxIdCharacters || Conversation.CheckId(names[0]) is not null)
        {
            return false;
        }

        id = new ResponseId(names[0], names[1]);
        return true;
    }

    public static bool IsOwnConversation(string id) => id.StartsWith(OwnConversation, StringComparison.Ordinal) && IsHex(id.AsSpan(OwnConversation.Length), ConversationDigits);

    public override string ToString() => Prefix + Token;

    private static bool IsHex(ReadOnlySpan<char> text, int length) => text.Length == length && !text.ContainsAnyExcept(Digits);
}

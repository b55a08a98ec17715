using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HybridConversations.Http.Items;

/// <summary>
/// The id of an item names its response and its place there, so that it is found without a table: <c>msg_</c>, <c>fc_</c>, <c>fco_</c> or <c>rs_</c>, the token of the
/// response, a dot and the place. A call and its result are placed by their call's id: others may be deleted beside them.
/// </summary>
/// <param name="Response">Where it is.</param>
/// <param name="Place">Which part of it.</param>
/// <param name="Key">Which of several.</param>
internal readonly record struct ItemId(ResponseId Response, ItemPlace Place, string Key = "0")
{
    private static readonly (ItemPlace Place, char Letter)[] Letters =
        [(ItemPlace.System, 's'), (ItemPlace.Earlier, 'e'), (ItemPlace.Result, 'r'), (ItemPlace.User, 'u'), (ItemPlace.Reasoning, 't'), (ItemPlace.Reply, 'a'), (ItemPlace.Call, 'c')];

    public static ItemId At(ResponseId response, ItemPlace place, int index) => new(response, place, index.ToString(CultureInfo.InvariantCulture));

    public static ItemId OfCall(ResponseId response, ItemPlace place, string callId) => new(response, place, KeyOf(callId));

    public static string KeyOf(string callId) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(callId)).AsSpan(0, 6));

    public static bool TryParse([NotNullWhen(true)] string? text, out ItemId id)
    {
        id = default;
        var (begin, dot) = (text?.IndexOf('_') ?? -1, text?.LastIndexOf('.') ?? -1);
        if (begin < 0 || dot < begin || dot + 2 > text!.Length || !ResponseId.TryParseToken(text[(begin + 1)..dot], out var response))
        {
            return false;
        }

        foreach (var (place, letter) in Letters)
        {
            if (text[dot + 1] == letter)
            {
                id = new ItemId(response, place, text[(dot + 2)..]);
                return true;
            }
        }

        return false;
    }

    /// <param name="prefix">Says what it is: <c>msg</c>, <c>fc</c>, <c>fco</c>, <c>rs</c>.</param>
    public string With(string prefix)
    {
        var place = Place;
        return $"{prefix}_{Response.Token}.{Letters.First(letter => letter.Place == place).Letter}{Key}";
    }
}

/// <summary>A part of a turn, as items see it.</summary>
internal enum ItemPlace
{
    System,
    Earlier,
    Result,
    User,
    Reasoning,
    Reply,
    Call,
}

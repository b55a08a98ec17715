using System.Collections.Frozen;

namespace HybridConversations.Inference.Grammar;

/// <summary>The rules of JSON itself and of the formats of strings.</summary>
internal static class JsonRules
{
    public const string Space = "ws";
    public const string Character = "char";

    /// <summary>A character that needs no escape.</summary>
    public const string PlainCharacter = "plain";
    public const string String = "string";
    public const string Integer = "integer";
    public const string Number = "number";
    public const string Boolean = "boolean";
    public const string Null = "null";
    public const string Value = "value";
    public const string Object = "object";
    public const string Array = "array";
    private const string Member = "member";

    // \u escapes leave out surrogates: half a pair is valid JSON that no reader can turn into text.
    private static readonly FrozenDictionary<string, (string Expression, string[] Needs)> Rules = new Dictionary<string, (string, string[])>
    {
        [Space] = ("""(" " | "\n" [ \t]{0,20})?""", []),
        [PlainCharacter] = ("""[^"\\\x00-\x1F\x7F]""", []),
        [Character] = ("""plain | "\\" (["\\/bfnrt] | "u" ([0-9a-cefA-CEF] [0-9a-fA-F]{3} | [dD] [0-7] [0-9a-fA-F]{2}))""", [PlainCharacter]),
        [String] = ("""
            "\"" char* "\""
            """, [Character]),
        [Integer] = ("""
            "-"? ("0" | [1-9] [0-9]{0,15})
            """, []),
        [Number] = ("""integer ("." [0-9]{1,16})? ([eE] [-+]? [0-9]{1,2})?""", [Integer]),
        [Boolean] = ("""
            "true" | "false"
            """, []),
        [Null] = ("""
            "null"
            """, []),
        [Value] = ("object | array | string | number | boolean | null", [Object, Array, String, Number, Boolean, Null]),
        [Member] = ("""string ":" ws value""", [String, Space, Value]),
        [Object] = ("""
            "{" ws (member ("," ws member)* ws)? "}"
            """, [Member, Space]),
        [Array] = ("""
            "[" ws (value ("," ws value)* ws)? "]"
            """, [Value, Space]),

        ["date"] = ("""
            [12] [0-9]{3} "-" monthday | leapyear "-02-29"
            """, ["monthday", "leapyear"]),
        ["monthday"] = ("long | short | february", ["long", "short", "february"]),
        ["long"] = ("""("0" [13578] | "1" [02]) "-" ("0" [1-9] | [12] [0-9] | "3" [01])""", []),
        ["short"] = ("""("0" [469] | "11") "-" ("0" [1-9] | [12] [0-9] | "30")""", []),
        ["february"] = ("""
            "02-" ("0" [1-9] | "1" [0-9] | "2" [0-8])
            """, []),
        ["leapyear"] = ("""[12] [0-9] ("0" [48] | [2468] [048] | [13579] [26]) | ("1" [26] | "2" [048]) "00" """, []),
        ["time"] = ("""([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] ("." [0-9]{1,7})? ("Z" | [-+] ("0" [0-9] | "1" [0-3]) ":" [0-5] [0-9])""", []),
        ["date-time"] = ("""date "T" time""", ["date", "time"]),
        ["duration"] = ("""
            "P" (number4 "W" | (number4 "D" ("T" daytime)? | "T" daytime))
            """, ["number4", "daytime"]),
        ["daytime"] = ("""number4 "H" (number4 "M" (number4 "S")?)? | number4 "M" (number4 "S")? | number4 "S" """, ["number4"]),
        ["number4"] = ("[0-9]{1,4}", []),
        ["email"] = ("""[a-zA-Z0-9_] [a-zA-Z0-9_+-]{0,30} ("." [a-zA-Z0-9_+-]{1,15}){0,2} "@" label ("." label){1,4}""", ["label"]),
        ["hostname"] = ("""label ("." label){0,5}""", ["label"]),
        ["label"] = ("""[a-zA-Z0-9] ([a-zA-Z0-9-]{0,30} [a-zA-Z0-9])?""", []),
        ["ipv4"] = ("""octet "." octet "." octet "." octet""", ["octet"]),
        ["octet"] = ("""[0-9] | [1-9] [0-9] | "1" [0-9] [0-9] | "2" [0-4] [0-9] | "25" [0-5]""", []),
        ["ipv6"] = ("""group (":" group){7}""", ["group"]),
        ["group"] = ("[0-9a-fA-F]{1,4}", []),
        ["uuid"] = ("""[0-9a-fA-F]{8} ("-" [0-9a-fA-F]{4}){3} "-" [0-9a-fA-F]{12}""", []),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Formats =
        FrozenSet.Create(StringComparer.Ordinal, "date", "time", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "uuid");

    public static bool IsFormat(string name) => Formats.Contains(name);

    public static bool IsName(string name) => Rules.ContainsKey(name);

    public static (string Expression, string[] Needs) Get(string name)
    {
        var (expression, needs) = Rules[name];
        return (expression.Trim(), needs);
    }
}

using HybridConversations.Http.Requests;

namespace HybridConversations.Http.LlamaServer;

/// <summary>Every field of llama-server's own addresses, and what becomes of it.</summary>
internal static class LlamaServerFields
{
    public static FieldTable Tokenize { get; } = new(
        "POST /tokenize",
        [
            new(FieldUse.Supported, "the text", "content"),
            new(FieldUse.Supported, "`parse_special` reads control tokens as such, which is the default; `with_pieces` gives each token's text, too", "add_special", "parse_special", "with_pieces"),
        ]);

    public static FieldTable Detokenize { get; } = new("POST /detokenize", [new(FieldUse.Supported, "ids", "tokens")]);
}

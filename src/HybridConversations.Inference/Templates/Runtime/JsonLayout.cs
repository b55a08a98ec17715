namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>How values are written as JSON.</summary>
/// <param name="Indent">Spaces a level; 0 writes all on one line.</param>
/// <param name="ItemSeparator">Between two items; null for the usual one.</param>
/// <param name="KeySeparator">Between key and value.</param>
/// <param name="EnsureAscii">Escape what is not ASCII.</param>
/// <param name="SortKeys">Order keys as a dictionary would.</param>
/// <param name="Undefined">What an undefined value is written as.</param>
internal sealed record JsonLayout(
    int Indent = 0, string? ItemSeparator = null, string KeySeparator = ": ", bool EnsureAscii = false, bool SortKeys = false, string Undefined = "null")
{
    public static readonly JsonLayout Json = new();

    /// <summary>As lists and mappings are printed.</summary>
    public static readonly JsonLayout Printed = new(Undefined: "undefined");

    public string Separator => ItemSeparator ?? (Indent > 0 ? "," : ", ");
}

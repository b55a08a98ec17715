using System.Globalization;

namespace HybridConversations.EndToEnd.Tests.Observability;

/// <summary>A span as a collector gets it.</summary>
internal sealed record OtlpSpan(string TraceId, string Id, string ParentId, string Name, ulong Start, ulong End, IReadOnlyDictionary<string, string> Attributes)
{
    /// <summary>Those of an <c>ExportTraceServiceRequest</c>.</summary>
    public static IEnumerable<OtlpSpan> In(ProtoMessage request) => request.Messages(1, 2, 2).Select(span =>
        new OtlpSpan(span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), span.Number(7), span.Number(8), Values(span.Messages(9))));

    /// <summary>Key-value pairs as texts.</summary>
    public static IReadOnlyDictionary<string, string> Values(IEnumerable<ProtoMessage> pairs) =>
        pairs.ToDictionary(pair => pair.Text(1), pair => pair.Messages(2).Select(Value).FirstOrDefault() ?? "");

    public string this[string attribute] => Attributes.GetValueOrDefault(attribute) ?? "";

    private static string Value(ProtoMessage any) =>
        any.Has(1) ? any.Text(1)
        : any.Has(2) ? any.Number(2) == 1 ? "true" : "false"
        : any.Has(3) ? any.Number(3).ToString(CultureInfo.InvariantCulture)
        : any.Has(4) ? BitConverter.UInt64BitsToDouble(any.Number(4)).ToString(CultureInfo.InvariantCulture)
        : string.Join(',', any.Messages(5, 1).Select(Value));
}

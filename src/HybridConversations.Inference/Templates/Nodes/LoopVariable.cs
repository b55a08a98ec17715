using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary>The variable <c>loop</c> of a round.</summary>
internal static class LoopVariable
{
    public static MapValue Of(IReadOnlyList<Value> rounds, int at) => new(new OrderedDictionary<string, Value>(9, StringComparer.Ordinal)
    {
        ["index"] = NumberValue.Integer(at + 1),
        ["index0"] = NumberValue.Integer(at),
        ["revindex"] = NumberValue.Integer(rounds.Count - at),
        ["revindex0"] = NumberValue.Integer(rounds.Count - at - 1),
        ["first"] = BooleanValue.Of(at == 0),
        ["last"] = BooleanValue.Of(at == rounds.Count - 1),
        ["length"] = NumberValue.Integer(rounds.Count),
        ["previtem"] = at > 0 ? rounds[at - 1] : UndefinedValue.Instance,
        ["nextitem"] = at < rounds.Count - 1 ? rounds[at + 1] : UndefinedValue.Instance,
    });
}

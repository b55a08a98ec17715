using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary><c>a.b</c> and <c>a[b]</c>: an entry, an element or a method; undefined where there is none.</summary>
internal sealed class MemberExpression(Expression owner, Expression member, bool isComputed) : Expression
{
    public Expression Owner { get; } = owner;

    /// <summary>The name in <c>a.b</c>; null otherwise.</summary>
    public string? Name => !isComputed && member is Literal { Value: TextValue name } ? name.Text : null;

    protected override IEnumerable<Node> Parts => [Owner, member];

    protected override Value Compute(Scope scope)
    {
        var value = Owner.Evaluate(scope);
        var found = (value, member.Evaluate(scope)) switch
        {
            (ListValue list, NumberValue { IsFloat: false } at) => At(at.Number, list.Items.Count) is { } index ? list.Items[index] : null,
            (TextValue text, NumberValue { IsFloat: false } at) => At(at.Number, text.Text.Length) is { } index ? new TextValue(text.Text[index].ToString()) : null,
            (_, TextValue name) => value.Member(name.Text),
            (_, var other) => throw Fail.Evaluation($"a {value.Kind} has no member that is a {other.Kind}"),
        };
        return found ?? UndefinedValue.Instance;
    }

    /// <summary>An index from the front, or from the end where it is negative; null where there is nothing.</summary>
    private static int? At(double index, int count)
    {
        var at = double.IsNaN(index) ? 0 : Math.Truncate(index);
        at = at < 0 ? count + at : at;
        return at >= 0 && at < count ? (int)at : null;
    }
}

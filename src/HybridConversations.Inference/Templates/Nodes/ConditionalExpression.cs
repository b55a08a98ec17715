using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary><c>a if test else b</c>; undefined where there is no <c>else</c>.</summary>
internal sealed class ConditionalExpression(Expression test, Expression then, Expression? otherwise) : Expression
{
    /// <summary>What is chosen from, where a loop reads <c>for x in then if test</c>.</summary>
    public Expression Then { get; } = then;

    public Expression Test { get; } = test;

    public bool HasElse => otherwise is not null;

    protected override IEnumerable<Node> Parts => otherwise is null ? [Test, Then] : [Test, Then, otherwise];

    protected override Value Compute(Scope scope) =>
        Test.Evaluate(scope).IsTrue ? Then.Evaluate(scope) : otherwise?.Evaluate(scope) ?? UndefinedValue.Instance;
}

using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary><c>f(x)</c>.</summary>
internal sealed class CallExpression(Expression function, ArgumentList arguments) : Expression
{
    protected override IEnumerable<Node> Parts => [function, .. arguments.Parts];

    public Arguments EvaluateArguments(Scope scope) => arguments.Evaluate(scope);

    public FunctionValue EvaluateFunction(Scope scope)
    {
        var value = function.Evaluate(scope);
        return value as FunctionValue ?? throw Fail.Evaluation($"a {value.Kind} cannot be called");
    }

    protected override Value Compute(Scope scope)
    {
        var given = EvaluateArguments(scope);
        return EvaluateFunction(scope).Call(given, scope);
    }
}

using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary><c>{% call %}</c>: calls a macro that finds the body as <c>caller()</c>.</summary>
internal sealed class CallStatement(CallExpression call, MacroBody caller) : Statement
{
    protected override IEnumerable<Node> Parts => [call, .. caller.Parts];

    public override void Visit(NameUses uses)
    {
        call.Visit(uses);
        uses.Declare(caller.Names);
        foreach (var part in caller.Parts)
        {
            part.Visit(uses);
        }
    }

    protected override Flow Run(Scope scope)
    {
        var arguments = call.EvaluateArguments(scope);
        var function = call.EvaluateFunction(scope);
        var inner = new Scope(scope);
        inner.Set("caller", new FunctionValue((given, _) => caller.Call(given, scope)));
        Print(function.Call(arguments, inner), scope);
        return Flow.Next;
    }
}

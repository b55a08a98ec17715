namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>Something that can be called: a macro, a method, a function of the environment. It sees the scope in which it is called.</summary>
internal sealed class FunctionValue(Func<Arguments, Scope, Value> call) : Value
{
    public override string Kind => "function";

    public Value Call(Arguments arguments, Scope scope) => call(arguments, scope);

    public override string Print(Meter meter) => throw Fail.Evaluation("a function cannot be written as text");
}

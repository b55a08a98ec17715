using HybridConversations.Inference.Scheduling;

namespace HybridConversations.Bench.Micro.Operations;

/// <summary>Teaches the cost model a step.</summary>
internal sealed class LearnStepCost : IMicroOperation
{
    private readonly StepCostModel _cost = new();
    private int _step;

    public string Name => "cost-model";

    public void Run()
    {
        _step++;
        _cost.Observe(_step % 16, _step % 7 * 30, 10 + (_step % 16) + (_step % 7 * 20));
    }

    public void Dispose()
    {
    }
}

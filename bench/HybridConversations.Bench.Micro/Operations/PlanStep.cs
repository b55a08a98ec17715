using HybridConversations.Inference.Scheduling;

namespace HybridConversations.Bench.Micro.Operations;

/// <summary>Plans a step of 16 sequences of all classes, some reading and most decoding.</summary>
internal sealed class PlanStep : IMicroOperation
{
    private readonly SequenceView[] _views = [.. Enumerable.Range(0, 16).Select(i =>
        new SequenceView(i % 4 == 0 ? 700 : 1, (ServiceClass)(i % 4), WaitedMs: 100 * i, UnservedMs: 10 * i, i % 3 == 0 ? 2000 : double.PositiveInfinity))];
    private readonly StepCostModel _cost = new();
    private readonly SchedulerOptions _options = new();
    private readonly BatchPlan _plan = new();

    public string Name => "plan";

    public void Run() => BatchPlanner.Plan(_views, _cost, _options, 512, _plan);

    public void Dispose()
    {
    }
}

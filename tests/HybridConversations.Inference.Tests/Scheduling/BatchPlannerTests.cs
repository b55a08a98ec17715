using FsCheck;
using FsCheck.Fluent;
using HybridConversations.Inference.Scheduling;

namespace HybridConversations.Inference.Tests.Scheduling;

public sealed class BatchPlannerTests
{
    private const int BatchSize = 256;
    private static readonly SchedulerOptions Options = new() { TargetGapMs = 50 };

    /// <summary>Any set of up to 40 sequences.</summary>
    private static readonly Arbitrary<SequenceView[]> Views = Gen.Choose(0, int.MaxValue - 1)
        .Select(seed =>
        {
            var random = new Random(seed);
            return Enumerable.Range(0, random.Next(40)).Select(_ => new SequenceView(
                random.Next(2) == 0 ? 1 : random.Next(2, 3000),
                (ServiceClass)random.Next(4),
                random.Next(30_000),
                random.Next(30_000),
                random.Next(3) == 0 ? random.Next(-100, 5000) : double.PositiveInfinity)).ToArray();
        })
        .ToArbitrary();

    [Fact]
    public void A_plan_never_exceeds_the_batch_nor_a_sequence() => Prop.ForAll(Views, views =>
    {
        var plan = Plan(views);
        var rows = plan.Rows[..views.Length].ToArray();
        return rows.Zip(views).All(p => p.First >= 0 && p.First <= p.Second.Pending) && rows.Sum() == plan.Total && plan.Total <= BatchSize;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Whoever_decodes_gets_a_row_in_every_step() => Prop.ForAll(Views, views =>
    {
        var plan = Plan(views);
        var rows = plan.Rows[..views.Length].ToArray();
        return rows.Zip(views).All(p => !p.Second.Decodes || p.Second.Class == ServiceClass.ReadAhead || p.First == 1);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Something_is_always_done_and_the_first_in_order_gets_on() => Prop.ForAll(Views, views =>
    {
        var plan = Plan(views);
        if (views.Length == 0)
        {
            return plan.Total == 0;
        }

        var waiting = Enumerable.Range(0, views.Length).Where(i => !views[i].Decodes).ToArray();
        var first = waiting.FirstOrDefault(i => waiting.All(j => j == i || !BatchPlanner.Before(views[j], views[i], Options)), -1);
        return plan.Total > 0 && (first < 0 || plan.Rows[first] > 0);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Prompts_wait_for_the_gap_of_those_who_talk() => Prop.ForAll(Views, views =>
    {
        var cost = Cost();
        var plan = Plan(views, cost);
        var talkingVoice = views.Any(v => v is { Decodes: true, Class: ServiceClass.Voice });
        var limit = Math.Max(Options.TargetGapMs, cost.StepMs(plan.DecodeRows, Options.MinPrefillChunk)) + 0.001;
        return !talkingVoice || cost.StepMs(plan.DecodeRows, plan.PrefillTokens) <= limit;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_voice_that_waits_for_its_first_token_may_slow_background_talk()
    {
        var plan = Plan([new(1, ServiceClass.Background, 0, 0, double.PositiveInfinity), new(200, ServiceClass.Voice, 0, 0, double.PositiveInfinity)]);
        Assert.Equal(200, plan.Rows[1]);
    }

    [Fact]
    public void Waiting_lifts_a_background_prompt_to_the_front()
    {
        SequenceView patient = new(500, ServiceClass.Background, 4 * Options.AgingMs, 3 * Options.AgingMs, double.PositiveInfinity);
        SequenceView fresh = new(500, ServiceClass.Voice, 10, 10, double.PositiveInfinity);
        Assert.True(BatchPlanner.Before(patient, fresh, Options));
        Assert.False(BatchPlanner.Before(patient with { UnservedMs = 0 }, fresh, Options));
    }

    [Fact]
    public void The_earlier_deadline_comes_first_within_a_class()
    {
        SequenceView late = new(500, ServiceClass.Voice, 900, 900, 3000);
        SequenceView soon = new(500, ServiceClass.Voice, 10, 10, 800);
        Assert.True(BatchPlanner.Before(soon, late, Options));
    }

    private static BatchPlan Plan(SequenceView[] views, StepCostModel? cost = null)
    {
        var plan = new BatchPlan();
        BatchPlanner.Plan(views, cost ?? Cost(), Options, BatchSize, plan);
        return plan;
    }

    /// <summary>A device of 10 ms a step, 1 ms a row, 0.5 ms a prompt token.</summary>
    private static StepCostModel Cost()
    {
        var cost = new StepCostModel();
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var (rows, tokens) = (random.Next(16), random.Next(200));
            cost.Observe(rows, tokens, 10 + rows + (0.5 * tokens));
        }

        return cost;
    }
}

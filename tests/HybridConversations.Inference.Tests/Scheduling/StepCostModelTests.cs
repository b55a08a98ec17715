using HybridConversations.Inference.Scheduling;

namespace HybridConversations.Inference.Tests.Scheduling;

public sealed class StepCostModelTests
{
    [Fact]
    public void It_learns_what_a_device_costs()
    {
        var cost = Fit(new StepCostModel(), 300, (rows, tokens) => 20 + (2 * rows) + (0.8 * tokens));
        Assert.Equal(20, cost.BaseMs, 0.5);
        Assert.Equal(2, cost.DecodeRowMs, 0.1);
        Assert.Equal(0.8, cost.PrefillTokenMs, 0.02);
    }

    [Fact]
    public void It_follows_a_device_that_slows_down()
    {
        var cost = Fit(new StepCostModel(), 300, (rows, tokens) => 20 + (2 * rows) + (0.8 * tokens));
        Fit(cost, 600, (rows, tokens) => 40 + (4 * rows) + (1.6 * tokens));
        Assert.Equal(80, cost.StepMs(4, 15), 2.0);
    }

    [Fact]
    public void A_machine_that_was_asleep_teaches_nothing()
    {
        var cost = Fit(new StepCostModel(), 300, (rows, tokens) => 20 + (2 * rows) + (0.8 * tokens));
        cost.Observe(4, 10, 3_600_000);
        Assert.Equal(2, cost.DecodeRowMs, 0.1);
    }

    [Fact]
    public void Only_one_kind_of_step_for_long_does_not_unsettle_it()
    {
        var cost = Fit(new StepCostModel(), 300, (rows, tokens) => 20 + (2 * rows) + (0.8 * tokens));
        for (var i = 0; i < 100_000; i++)
        {
            cost.Observe(4, 0, 28 + (i % 7 * 0.1));
        }

        cost.Observe(4, 100, 108);
        Assert.InRange(cost.StepMs(4, 50), 50, 90);
    }

    private static StepCostModel Fit(StepCostModel cost, int steps, Func<int, int, double> milliseconds)
    {
        var random = new Random(7);
        for (var i = 0; i < steps; i++)
        {
            var (rows, tokens) = (random.Next(1, 16), random.Next(200));
            cost.Observe(rows, tokens, milliseconds(rows, tokens) * (0.98 + (0.04 * random.NextDouble())));
        }

        return cost;
    }
}

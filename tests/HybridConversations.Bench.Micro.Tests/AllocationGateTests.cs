namespace HybridConversations.Bench.Micro.Tests;

/// <summary>The gate on allocated bytes: what crosses bench/HybridConversations.Bench.Micro/allocation-limits.csv fails here.</summary>
public sealed class AllocationGateTests
{
    private const int Runs = 200;

    public static TheoryData<string> Names => [.. MicroOperations.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_operation_allocates_no_more_than_it_may(string name)
    {
        using var operation = MicroOperations.Create(name);
        Assert.Equal(name, operation.Name);
        for (var i = 0; i < 50; i++)
        {
            operation.Run();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Runs; i++)
        {
            operation.Run();
        }

        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Runs;
        var limit = AllocationLimits.Read()[name];
        Assert.True(bytes <= limit, $"{name} allocates {bytes} bytes a run; {limit} are allowed. Make it allocate less, or say in the commit why the limit in allocation-limits.csv rises.");

        // A limit far above what is needed would let a fault in.
        Assert.True(limit <= Math.Max(64, 2 * bytes), $"{name} allocates {bytes} bytes a run, and {limit} are allowed: lower the limit.");
    }

    [Fact]
    public void Every_operation_has_a_limit_and_every_limit_an_operation() =>
        Assert.Equal(MicroOperations.Names.Order(StringComparer.Ordinal), AllocationLimits.Read().Keys.Order(StringComparer.Ordinal));
}

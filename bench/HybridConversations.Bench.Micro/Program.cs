using BenchmarkDotNet.Running;
using HybridConversations.Bench.Micro;

var limits = AllocationLimits.Read();
var crossed = false;
foreach (var report in BenchmarkSwitcher.FromTypes([typeof(MicroBenchmarks)]).Run(args).SelectMany(summary => summary.Reports))
{
    var name = (string)report.BenchmarkCase.Parameters[nameof(MicroBenchmarks.Operation)];
    if (!report.Success)
    {
        Console.Error.WriteLine($"{name} could not be run (above).");
        crossed = true;
    }
    else if (report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) is { } bytes && bytes > limits[name])
    {
        Console.Error.WriteLine($"{name} allocates {bytes} bytes a run; {limits[name]} are allowed (allocation-limits.csv).");
        crossed = true;
    }
}

return crossed ? 1 : 0;

using BenchmarkDotNet.Attributes;

namespace HybridConversations.Bench.Micro;

/// <summary>Time and allocated bytes of each operation.</summary>
[MemoryDiagnoser]
public class MicroBenchmarks : IDisposable
{
    private IMicroOperation? _operation;

    public static IEnumerable<string> Names => MicroOperations.Names;

    /// <summary>Which one.</summary>
    [ParamsSource(nameof(Names))]
    public string Operation { get; set; } = "";

    [GlobalSetup]
    public void Setup() => _operation = MicroOperations.Create(Operation);

    [GlobalCleanup]
    public void Cleanup() => Dispose();

    [Benchmark]
    public void Run() => _operation!.Run();

    public void Dispose()
    {
        _operation?.Dispose();
        _operation = null;
        GC.SuppressFinalize(this);
    }
}

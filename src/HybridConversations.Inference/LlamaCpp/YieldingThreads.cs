using HybridConversations.Inference.Backends;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>Measures each computation for a <see cref="ThreadGovernor"/> and tells llama.cpp what it decides. Belongs to the engine's thread.</summary>
internal sealed unsafe class YieldingThreads : IDisposable
{
    private readonly LlamaSymbols _symbols;
    private readonly nint _context;
    private readonly ILogger _logger;
    private readonly IdleCores _idle;
    private readonly ThreadGovernor _governor;
    private TimeSpan _cpu;
    private long _began;

    private YieldingThreads(LlamaSymbols symbols, nint context, int threads, ILogger logger)
    {
        (_symbols, _context, _logger) = (symbols, context, logger);
        _idle = new IdleCores(TimeProvider.System);
        _governor = new ThreadGovernor(threads, _idle.Since, TimeProvider.System);
    }

    /// <summary>Null where there is nothing to govern: one thread, OpenMP's threads, or a GPU that computes.</summary>
    public static YieldingThreads? Watch(BackendOptions options, LlamaSymbols symbols, nint context, int threads, string devices, ILogger logger) =>
        options.YieldCores && threads > 1 && !symbols.UsesOpenMp() && symbols.Devices().TrueForAll(device => !device.IsGpu || !devices.Contains(device.Name, StringComparison.Ordinal))
            ? new YieldingThreads(symbols, context, threads, logger) : null;

    /// <summary>A computation is about to begin.</summary>
    public void Begin() => (_cpu, _began) = (Environment.CpuUsage.TotalTime, TimeProvider.System.GetTimestamp());

    /// <summary>It has ended.</summary>
    public void End()
    {
        if (_governor.Observe(TimeProvider.System.GetElapsedTime(_began), Environment.CpuUsage.TotalTime - _cpu))
        {
            _symbols.SetThreads(_context, _governor.Threads, _governor.Threads);
            if (_logger.IsEnabled(LogLevel.Debug))
            {
                _logger.LogDebug("Computing with {Threads} of {Most} threads: others want the processor, or have gone", _governor.Threads, _governor.Most);
            }
        }
    }

    public void Dispose() => _idle.Dispose();
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>
/// The threads that a context computes with on the CPU. Without a pool of their own (and without OpenMP, as in the prebuilt libraries) ggml starts and
/// ends its threads at every decode. Freed after the context. Source: ggml-cpu.h and ggml.h, v0.5.0.
/// </summary>
internal sealed unsafe class LlamaThreadPool : SafeHandle
{
    private const int CpuDevice = 0;
    private const uint UsualPoll = 50;

    /// <summary>Rounds of 131,072 looks, about 2 ms, before an idle thread sleeps: longer than the engine's pause between two steps, shorter than anyone's cores should burn.</summary>
    private const uint Poll = 1;

    private readonly delegate* unmanaged[Cdecl]<nint, void> _free;

    private LlamaThreadPool(nint pool, delegate* unmanaged[Cdecl]<nint, void> free)
        : base(0, ownsHandle: true)
    {
        SetHandle(pool);
        _free = free;
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Makes a pool and hands it to a context. Null, with the reason in the log, where the library has none: then ggml starts threads as it needs them.</summary>
    public static LlamaThreadPool? Attach(LlamaSymbols symbols, nint context, int threads, ILogger logger)
    {
        if (threads < 2)
        {
            return null;
        }

        var device = symbols.DeviceByType(CpuDevice);
        var registry = device == 0 ? 0 : symbols.DeviceRegistry(device);
        var create = (delegate* unmanaged[Cdecl]<Parameters*, nint>)Find(symbols, registry, "ggml_threadpool_new"u8);
        var free = (delegate* unmanaged[Cdecl]<nint, void>)Find(symbols, registry, "ggml_threadpool_free"u8);
        var parameters = default(Parameters);
        if (create is not null && free is not null)
        {
            symbols.ThreadPoolDefaults(&parameters, threads);
        }

        if (parameters.Threads != threads || parameters.Poll != UsualPoll)
        {
            logger.LogWarning("llama.cpp's thread pools cannot be used; it will start its threads anew at every step");
            return null;
        }

        parameters.Poll = Poll;
        var pool = create(&parameters);
        if (pool == 0)
        {
            logger.LogWarning("llama.cpp could not start a pool of {Threads} threads; it will start them anew at every step", threads);
            return null;
        }

        symbols.AttachThreadPool(context, pool, pool);
        return new LlamaThreadPool(pool, free);
    }

    protected override bool ReleaseHandle()
    {
        _free(handle);
        return true;
    }

    private static void* Find(LlamaSymbols symbols, nint registry, ReadOnlySpan<byte> function)
    {
        fixed (byte* name = function)
        {
            return registry == 0 ? null : symbols.RegisteredFunction(registry, name);
        }
    }

    /// <summary><c>ggml_threadpool_params</c>; larger than it is, so that a longer one does no harm.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Parameters
    {
        public CpuMask Cpus;
        public int Threads;
        public int Priority;
        public uint Poll;
        public byte StrictCpu;
        public byte Paused;
        private readonly CpuMask _reserve;
    }

    [InlineArray(512)]
    internal struct CpuMask
    {
        private byte _first;
    }
}

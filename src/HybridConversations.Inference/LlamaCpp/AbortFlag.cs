using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>Asked by ggml between two operations of a graph: go on, or stop? Set from any thread.</summary>
internal sealed unsafe class AbortFlag
{
    // Pinned for good: ggml's threads read it through its address while a decode runs.
    private readonly int[] _state = GC.AllocateArray<int>(2, pinned: true);

    public static delegate* unmanaged[Cdecl]<void*, byte> Callback => &IsRaised;

    public void* Address => Unsafe.AsPointer(ref _state[0]);

    /// <summary>While true, a raised flag stays raised but stops nothing.</summary>
    public bool Masked
    {
        set => Volatile.Write(ref _state[1], value ? 1 : 0);
    }

    public void Raise() => Volatile.Write(ref _state[0], 1);

    /// <summary>Lowers the flag and says whether it was up.</summary>
    public bool Lower() => Interlocked.Exchange(ref _state[0], 0) == 1;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte IsRaised(void* state) => (byte)(Volatile.Read(ref ((int*)state)[0]) & ~Volatile.Read(ref ((int*)state)[1]) & 1);
}

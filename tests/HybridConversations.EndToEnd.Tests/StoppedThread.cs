using System.Runtime.InteropServices;

namespace HybridConversations.EndToEnd.Tests;

/// <summary>
/// Stops one thread of a child process as a debugger does (Linux's ptrace): to the rest of that process it is in a call that does not come back. Whatever traces must be asked
/// by the thread that began it, so that this has a thread of its own, which stays until the stopped one has ended.
/// </summary>
internal sealed partial class StoppedThread
{
    private const int Seize = 0x4206;
    private const int Interrupt = 0x4207;
    private const int AllThreads = 0x40000000;
    private readonly TaskCompletionSource<bool> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private StoppedThread(int thread) => new Thread(() => Trace(thread)) { IsBackground = true, Name = "tracer" }.Start();

    /// <summary>Stops a thread by the beginning of its name. False where the system does not allow it.</summary>
    public static Task<bool> Stop(int process, string name) => new StoppedThread(Find(process, name))._stopped.Task;

    private static int Find(int process, string name) => int.Parse(Path.GetFileName(
        Directory.GetDirectories($"/proc/{process}/task").Single(task => File.ReadAllText(Path.Combine(task, "comm")).StartsWith(name, StringComparison.Ordinal))));

    private void Trace(int thread)
    {
        var stopped = Call(Seize, thread, 0, 0) == 0 && Call(Interrupt, thread, 0, 0) == 0 && Wait(thread, out var status, AllThreads) == thread && (status & 0x7F) == 0x7F;
        _stopped.SetResult(stopped);
        while (stopped && Wait(thread, out status, AllThreads) == thread && (status & 0x7F) == 0x7F)
        {
        }
    }

    [LibraryImport("libc", EntryPoint = "ptrace")]
    private static partial nint Call(nint request, nint thread, nint address, nint data);

    [LibraryImport("libc", EntryPoint = "waitpid")]
    private static partial int Wait(int thread, out int status, int options);
}

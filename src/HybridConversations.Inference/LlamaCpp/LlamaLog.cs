using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>
/// llama.cpp's and ggml's log, line by line, to an <see cref="ILogger"/>: their chatter at Debug and Trace, warnings and errors as such. Keeps the last
/// error lines, so that a failed load can say why. One sink for the process, as in llama.cpp: the last logger wins.
/// </summary>
internal static unsafe class LlamaLog
{
    private const int KeptErrors = 8;
    private const int MaxLine = 4096;

    // Said of things that the caller learns from a status, or that are no fault here (Context counts cells of all conversations together).
    private static readonly string[] Harmless =
    [
        "failed to find a memory slot", "removing memory module entries", "possible training context overflow", "the full capacity of the model will not be utilized",
        "graph_compute_async failed with error 1", "failed to compute graph, compute status: 1", "failed to decode, ret = 1", "failed to decode, ret = 2",
    ];

    private static readonly Lock Gate = new();
    private static readonly Queue<string> Errors = new();
    private static volatile ILogger? _logger;

    [ThreadStatic]
    private static StringBuilder? _line;

    [ThreadStatic]
    private static LogLevel _level;

    /// <summary>Sends what llama.cpp says from now on to <paramref name="logger"/>.</summary>
    public static void WriteTo(ILogger logger, LlamaSymbols symbols)
    {
        _logger = logger;
        symbols.SetLog(&OnText, null);
        symbols.SetAbortCallback(&OnAbort);
    }

    /// <summary>Forgets the kept error lines.</summary>
    public static void ClearErrors()
    {
        lock (Gate)
        {
            Errors.Clear();
        }
    }

    /// <summary>The last error lines since <see cref="ClearErrors"/>, as one sentence part; empty when there are none.</summary>
    public static string LastErrors()
    {
        lock (Gate)
        {
            return string.Join("; ", Errors);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnText(int level, byte* text, void* data)
    {
        try
        {
            Append(level, Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text)));
        }
        catch
        {
            // An exception must not unwind into C, and a log line is worth less than the process.
        }
    }

    /// <summary>ggml found an invariant broken and ends the process after this call; without a callback it would first start a debugger for a backtrace.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnAbort(byte* message)
    {
        try
        {
            var text = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(message));
            Console.Error.WriteLine($"llama.cpp gives up and ends the process: {text}");
            _logger?.LogCritical("llama.cpp gives up and ends the process: {Message}", text);
        }
        catch
        {
            // The process is about to end either way.
        }
    }

    /// <summary>Joins pieces to lines: level 5 continues the line before it, and a line may come in several calls.</summary>
    private static void Append(int level, string text)
    {
        var line = _line ??= new StringBuilder();
        if (level != 5 && line.Length > 0)
        {
            Write();
        }

        if (level != 5 || line.Length == 0)
        {
            _level = level switch { 1 => LogLevel.Trace, 2 => LogLevel.Debug, 3 => LogLevel.Warning, 4 => LogLevel.Error, 5 => LogLevel.Trace, _ => LogLevel.Debug };
        }

        line.Append(text, 0, Math.Min(text.Length, MaxLine - Math.Min(line.Length, MaxLine)));
        if (text.EndsWith('\n') || line.Length >= MaxLine)
        {
            Write();
        }
    }

    private static void Write()
    {
        var text = _line!.ToString().Trim();
        _line.Clear();
        if (text.Length == 0)
        {
            return;
        }

        var level = Array.Exists(Harmless, said => text.Contains(said, StringComparison.Ordinal)) ? LogLevel.Debug : _level;
        if (level == LogLevel.Error)
        {
            lock (Gate)
            {
                Errors.Enqueue(text.ReplaceLineEndings(" "));
                if (Errors.Count > KeptErrors)
                {
                    Errors.Dequeue();
                }
            }
        }

        if (_logger is { } logger && logger.IsEnabled(level))
        {
            logger.Log(level, "{Llama}", text);
        }
    }
}

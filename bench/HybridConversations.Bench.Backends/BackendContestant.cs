using System.Diagnostics;
using System.Globalization;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.LlamaCpp.Direct;
using HybridConversations.Inference.LLamaSharp;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Bench.Backends;

/// <summary>One backend: computes what each line of its input asks for and says how many tokens a second.</summary>
internal static class BackendContestant
{
    private const int Prompt = 200;
    private const int History = 40;

    public static async Task<int> Run(string backend, bool yields, string model, int threads)
    {
        IBackendProvider provider = backend == "llamasharp" ? new LLamaSharpProvider() : new LlamaCppProvider();
        using var loaded = await provider.Load(
            new BackendOptions { ModelPath = model, Context = 4096, MaxSequences = 16, Threads = threads, YieldCores = yields }, NullLogger.Instance);
        Say(loaded.Info.Backend);

        // As the engine: one thread for all that is computed.
        var thread = new Thread(() =>
        {
            while (Console.ReadLine() is { } line)
            {
                Say((line == "prompt" ? Read(loaded) : Decode(loaded, int.Parse(line, CultureInfo.InvariantCulture))).ToString("0.00", CultureInfo.InvariantCulture));
            }
        });
        thread.Start();
        thread.Join();
        return 0;
    }

    private static double Read(IModelBackend backend)
    {
        var began = Stopwatch.GetTimestamp();
        Fill(backend, 0, Prompt);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        backend.RemoveRange(0, -1, -1);
        return Prompt / seconds;
    }

    /// <summary>Steps of about a second together; the first 0.3 s are left out: in them the number of threads settles.</summary>
    private static double Decode(IModelBackend backend, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            Fill(backend, row, History);
        }

        var batch = new TokenBatch(rows);
        var (steps, began, counted) = (0, Stopwatch.GetTimestamp(), 0L);
        for (var position = History; position < History + 120; position++)
        {
            batch.Clear();
            for (var row = 0; row < rows; row++)
            {
                batch.Add(100 + ((position + row) % 50), position, row, wantsLogits: true);
            }

            if (backend.Decode(batch) != DecodeStatus.Ok)
            {
                throw new InvalidOperationException("A decode failed.");
            }

            var elapsed = Stopwatch.GetElapsedTime(began).TotalSeconds;
            if (counted > 0)
            {
                steps++;
            }
            else if (elapsed > 0.3)
            {
                counted = Stopwatch.GetTimestamp();
            }

            if (elapsed > 1.0 && steps > 2)
            {
                break;
            }
        }

        var seconds = Stopwatch.GetElapsedTime(counted).TotalSeconds;
        for (var row = 0; row < rows; row++)
        {
            backend.RemoveRange(row, -1, -1);
        }

        return steps * rows / seconds;
    }

    private static void Fill(IModelBackend backend, int sequence, int tokens)
    {
        var batch = new TokenBatch(tokens);
        for (var position = 0; position < tokens; position++)
        {
            batch.Add(100 + (position * 37 % 2000), position, sequence, wantsLogits: position == tokens - 1);
        }

        if (backend.Decode(batch) != DecodeStatus.Ok)
        {
            throw new InvalidOperationException("A prompt was not read.");
        }
    }

    private static void Say(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }
}

using System.Diagnostics;
using System.Globalization;

namespace HybridConversations.Bench.Backends;

/// <summary>
/// Every contestant does the same in turns, round after round, alone and beside neighbours, so that what else the machine does meets all of them. Medians over the rounds, as a table.
/// </summary>
internal sealed class Comparison(string model, int rounds, int cores)
{
    private static readonly (string Name, string Backend, string Yields)[] Contestants =
        [("llama.cpp, fixed threads", "llama.cpp", "fixed"), ("llama.cpp, yielding", "llama.cpp", "yields"), ("LLamaSharp (OpenMP)", "llamasharp", "fixed")];

    private static readonly string[] Works = ["prompt", "1", "4", "8"];

    public async Task<int> Run()
    {
        var programs = Contestants.Select(contestant => Start("contestant", contestant.Backend, contestant.Yields, model, cores.ToString(CultureInfo.InvariantCulture))).ToList();
        try
        {
            foreach (var (program, contestant) in programs.Zip(Contestants))
            {
                Console.WriteLine($"{contestant.Name}: {await program.StandardOutput.ReadLineAsync()}, {cores} threads");
            }

            Console.WriteLine($"\nTokens/s, medians of {rounds} rounds in turns; {Path.GetFileName(model)}\n");
            Console.WriteLine($"| neighbours | work | {string.Join(" | ", Contestants.Select(contestant => contestant.Name))} |\n|---|---|{string.Concat(Enumerable.Repeat("---|", Contestants.Length))}");
            for (var neighbours = 0; neighbours <= cores; neighbours++)
            {
                await Measure(programs, neighbours);
            }

            return 0;
        }
        finally
        {
            programs.ForEach(End);
        }
    }

    private async Task Measure(List<Process> programs, int count)
    {
        var neighbours = Enumerable.Range(0, count).Select(_ => Start("neighbour")).ToList();
        try
        {
            foreach (var work in Works)
            {
                var speeds = programs.Select(_ => new List<double>()).ToList();
                for (var round = 0; round < rounds; round++)
                {
                    for (var index = 0; index < programs.Count; index++)
                    {
                        await programs[index].StandardInput.WriteLineAsync(work);
                        await programs[index].StandardInput.FlushAsync();
                        speeds[index].Add(double.Parse(await programs[index].StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("A contestant ended."), CultureInfo.InvariantCulture));
                    }
                }

                var name = work == "prompt" ? "prompt" : $"{work} {(work == "1" ? "row" : "rows")}";
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {count} | {name} | {string.Join(" | ", speeds.Select(all => all.Order().ElementAt(all.Count / 2).ToString("0.0", CultureInfo.InvariantCulture)))} |"));
            }
        }
        finally
        {
            neighbours.ForEach(End);
        }
    }

    private static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. Host(), .. arguments])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        UseShellExecute = false,
    })!;

    /// <summary>The program again: its own executable, or what <c>dotnet</c> runs.</summary>
    private static string[] Host() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(Comparison).Assembly.Location] : [];

    private static void End(Process process)
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(5_000))
        {
            process.Kill();
        }

        process.Dispose();
    }
}

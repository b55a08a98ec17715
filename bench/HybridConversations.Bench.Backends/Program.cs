using System.Globalization;
using HybridConversations.Bench.Backends;

// Without arguments that name a part: the whole comparison, each contestant in a process of its own (a process holds one llama.cpp), in turns.
switch (args)
{
    case ["contestant", var backend, var yields, var model, var threads]:
        return await BackendContestant.Run(backend, yields == "yields", model, int.Parse(threads, CultureInfo.InvariantCulture));
    case ["neighbour"]:
        // Wants a core until whoever started it closes its input.
        var stop = Task.Run(Console.In.ReadToEnd);
        while (!stop.IsCompleted)
        {
            Thread.SpinWait(10_000);
        }

        return 0;
    case [var model, .. var rest]:
        var (rounds, cores) = (rest is [var count, ..] ? int.Parse(count, CultureInfo.InvariantCulture) : 5, Environment.ProcessorCount);
        return await new Comparison(model, rounds, cores).Run();
    default:
        Console.Error.WriteLine("HybridConversations.Bench.Backends MODEL [ROUNDS]");
        return 2;
}

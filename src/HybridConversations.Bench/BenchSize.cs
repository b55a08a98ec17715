namespace HybridConversations.Bench;

/// <summary>One size of the workload that <c>--size NAME=N</c> sets.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Default">Where it is not set.</param>
/// <param name="Min">Smallest value.</param>
/// <param name="Max">Largest value.</param>
/// <param name="Meaning">For the help, with unit and scenarios.</param>
public sealed record BenchSize(string Name, int Default, int Min, int Max, string Meaning);

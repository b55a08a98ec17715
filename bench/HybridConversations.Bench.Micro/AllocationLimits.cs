using System.Globalization;

namespace HybridConversations.Bench.Micro;

/// <summary>Bytes that an operation may allocate, from allocation-limits.csv: read by the benchmarks and by the tests, so that neither allows what the other refuses.</summary>
public static class AllocationLimits
{
    private const string Resource = "allocation-limits.csv";

    /// <summary>Bytes a run by the operation's name.</summary>
    public static IReadOnlyDictionary<string, long> Read()
    {
        using var reader = new StreamReader(typeof(AllocationLimits).Assembly.GetManifestResourceStream(Resource)!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(','))
            .ToDictionary(cells => cells[0], cells => long.Parse(cells[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }
}

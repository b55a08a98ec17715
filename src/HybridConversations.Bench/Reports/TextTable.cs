namespace HybridConversations.Bench.Reports;

/// <summary>Columns in plain text: the first three to the left (names), the others to the right (numbers).</summary>
internal static class TextTable
{
    private const int LeftColumns = 3;

    /// <summary>Writes rows of equally many cells; the first is the header.</summary>
    public static void Write(IReadOnlyList<string[]> rows, TextWriter output)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            var cells = row.Select((cell, column) => column < LeftColumns ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            output.WriteLine("  " + string.Join("  ", cells).TrimEnd());
        }
    }
}

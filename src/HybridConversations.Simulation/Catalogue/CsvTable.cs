using System.Globalization;
using System.Reflection;
using System.Text;

namespace HybridConversations.Simulation.Catalogue;

/// <summary>A table of the catalogue: comma-separated, a header line, text with commas in double quotes.</summary>
internal sealed class CsvTable
{
    private readonly string _name;
    private readonly string[] _header;
    private readonly List<string[]> _rows = [];

    private CsvTable(string name, TextReader reader)
    {
        _name = name;
        _header = Split(reader.ReadLine() ?? "");
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
            {
                _rows.Add(Split(line));
                if (_rows[^1].Length != _header.Length)
                {
                    throw new FormatException($"{name}, row {_rows.Count + 1}: {_rows[^1].Length} cells where the header has {_header.Length}.");
                }
            }
        }
    }

    public IEnumerable<Row> Rows => _rows.Select(cells => new Row(this, cells));

    /// <summary>The table of that name which comes with the assembly.</summary>
    public static CsvTable Load(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"catalogue/{name}.csv")
            ?? throw new InvalidOperationException($"The catalogue has no table '{name}'.");
        using var reader = new StreamReader(stream);
        return new CsvTable(name, reader);
    }

    private static string[] Split(string line)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        foreach (var c in line)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                cell.Append(c);
            }
        }

        return [.. cells, cell.ToString()];
    }

    /// <summary>A row, its cells by the header's names.</summary>
    public readonly struct Row(CsvTable table, string[] cells)
    {
        public string Text(string column) => Array.IndexOf(table._header, column) is >= 0 and var index ? cells[index]
            : throw new FormatException($"{table._name} has no column '{column}'.");

        public double Number(string column) => double.TryParse(Text(column), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
            : throw new FormatException($"{table._name}, column {column}: '{Text(column)}' is not a number.");

        public int Integer(string column) => (int)Number(column);
    }
}

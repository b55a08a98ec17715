using System.Globalization;
using HybridConversations.Models;

namespace HybridConversations.Cli.Models;

/// <summary>The text of <c>hc models list</c>.</summary>
internal static class ModelListing
{
    public static void Print(TextWriter output, string folder, string? demo)
    {
        var local = LocalModels.List(folder);
        output.WriteLine($"Here ({folder}):");
        var here = local.Select(model => (string[])[model.Name, Size(model.Bytes), model.Repository ?? "", model.Path]).ToList();
        if (demo is not null)
        {
            here.Insert(0, ["demo", Size(new FileInfo(demo).Length), "the default", demo]);
        }

        PrintColumns(output, here.Count > 0 ? here : [["nothing yet"]]);
        output.WriteLine();
        output.WriteLine("To be had with 'hc models pull NAME':");
        PrintColumns(output, [.. ModelCatalog.Models.Select(model => (string[])
        [
            model.Name, $"about {Size(model.ApproximateBytes)}", local.Any(there => there.Name == model.Name) ? "here" : "", $"{model.Use} ({model.License})",
        ])]);
    }

    public static string Size(long bytes) => bytes >= 1_000_000_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");

    private static void PrintColumns(TextWriter output, List<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            output.WriteLine(("  " + string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column])))).TrimEnd());
        }
    }
}

using System.IO.Compression;
using System.Text.Json;

namespace TrainRouter;

/// <summary>Reads examples: one JSON object a line with <c>text</c>, <c>label</c> and <c>source</c>; gzip when the name ends so.</summary>
internal static class ExampleFile
{
    public static List<Example> Read(string path)
    {
        using var file = File.OpenRead(path);
        using var stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        using var reader = new StreamReader(stream);
        var examples = new List<Example>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0)
            {
                continue;
            }

            using var json = JsonDocument.Parse(line);
            var label = json.RootElement.GetProperty("label").GetString();
            examples.Add(new Example(
                json.RootElement.GetProperty("text").GetString()!,
                label switch
                {
                    "cloud" or "follow-up" => true,
                    "local" or "new" => false,
                    _ => throw new InvalidDataException($"{path}, line {examples.Count + 1}: label '{label}' is none of local, cloud, follow-up and new."),
                },
                json.RootElement.GetProperty("source").GetString()!));
        }

        return examples;
    }
}

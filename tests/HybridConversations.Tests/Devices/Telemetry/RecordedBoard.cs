using HybridConversations.Tests.Common;

namespace HybridConversations.Tests.Devices.Telemetry;

/// <summary>A board's files as they were recorded (Boards/README.md), laid out below a folder of this test's own.</summary>
internal sealed class RecordedBoard : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public RecordedBoard(string name) => Apply(name);

    public string Root => _root.Path;

    /// <summary>Puts the files of another record over those that are there.</summary>
    public void Apply(string name)
    {
        foreach (var line in File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Devices", "Telemetry", "Boards", name + ".txt")))
        {
            var end = line.IndexOf(' ', StringComparison.Ordinal);
            Put(line[..end], line[(end + 1)..].Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\0", "\0", StringComparison.Ordinal));
        }
    }

    public void Put(string path, string text)
    {
        var file = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    public void Dispose() => _root.Dispose();
}

namespace HybridConversations.Tests.Common;

/// <summary>An empty folder that is gone after the test, with everything in it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("hc-test-").FullName;

    /// <summary>Names of the files in it, without locks.</summary>
    public IReadOnlyList<string> Names =>
        [.. Directory.GetFiles(Path).Select(file => System.IO.Path.GetFileName(file)).Where(name => !name.EndsWith(".lock", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>Path of a file in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file in it and returns its path.</summary>
    public string Write(string name, byte[] content)
    {
        System.IO.File.WriteAllBytes(File(name), content);
        return File(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

namespace HybridConversations.Inference.Tests.Models;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("hc-models-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Names of the files, without locks.</summary>
    public string[] Names => [.. Directory.GetFiles(Path).Select(System.IO.Path.GetFileName).OfType<string>().Where(n => !n.EndsWith(".lock", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

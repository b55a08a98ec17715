namespace HybridConversations.Models;

/// <summary>A model file on this machine.</summary>
/// <param name="Name">Its known name, else its file name without <c>.gguf</c>.</param>
/// <param name="Path">Full path.</param>
/// <param name="Bytes">Size.</param>
/// <param name="ModifiedAt">When it was pulled or copied here.</param>
/// <param name="Repository">Where it was pulled from; null when it came another way.</param>
/// <param name="Sha256">As checked when it was pulled, lower-case hex; null when it came another way.</param>
public sealed record LocalModel(string Name, string Path, long Bytes, DateTimeOffset ModifiedAt, string? Repository, string? Sha256);

/// <summary>Lists the models of a folder.</summary>
public static class LocalModels
{
    /// <summary>The GGUF files of a folder by name, without what is still being pulled; none where there is no folder.</summary>
    public static IReadOnlyList<LocalModel> List(string folder)
    {
        var directory = new DirectoryInfo(folder);
        return directory.Exists
            ? [.. directory.EnumerateFiles("*.gguf").OrderBy(f => f.Name, StringComparer.OrdinalIgnoreCase).Select(Describe)]
            : [];
    }

    private static LocalModel Describe(FileInfo file)
    {
        var record = ModelRecord.Read(file.FullName);
        var known = ModelCatalog.Models.FirstOrDefault(m => m.Source.FileName == file.Name);
        return new LocalModel(
            known?.Name ?? Path.GetFileNameWithoutExtension(file.Name), file.FullName, file.Length, new DateTimeOffset(file.LastWriteTimeUtc), record?.Repository, record?.Sha256);
    }
}

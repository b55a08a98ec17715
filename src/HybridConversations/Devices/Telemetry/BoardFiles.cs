using System.Globalization;

namespace HybridConversations.Devices.Telemetry;

/// <summary>Files of the kernel and of NVIDIA's tools below a root, usually <c>/</c>. What cannot be read is null: many sensors answer nothing while their part of the chip sleeps.</summary>
internal sealed class BoardFiles(string root)
{
    /// <summary>A file's text without white space and zeros at its ends.</summary>
    public string? Text(string path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(root, path)).Trim('\0', ' ', '\n', '\r', '\t');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public double? Number(string path) => double.TryParse(Text(path), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Folders of that name below a folder, by their paths below the root, in order.</summary>
    public IReadOnlyList<string> Folders(string folder, string pattern)
    {
        try
        {
            return [.. Directory.GetDirectories(Path.Combine(root, folder), pattern).Select(path => Path.Combine(folder, Path.GetFileName(path))).Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}

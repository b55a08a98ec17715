using System.Text;
using System.Text.Json;

namespace HybridConversations.Cli.Terminal.Editing;

/// <summary>What was typed in earlier sessions, in a file that only its owner may read: a JSON string a line. Without it, or where it cannot be written, a session has its own lines only.</summary>
/// <param name="path">The file; null for none.</param>
internal sealed class TypedHistory(string? path)
{
    /// <summary>Entries that are kept.</summary>
    public const int Kept = 1000;

    /// <summary>The newest entries, oldest first.</summary>
    public IReadOnlyList<string> Read()
    {
        try
        {
            return path is null || !File.Exists(path) ? [] : [.. File.ReadLines(path).TakeLast(Kept).Select(Entry).OfType<string>()];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public void Add(string text)
    {
        if (path is null)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var earlier = Read();
            if (earlier.Count > 0 && earlier[^1] == text)
            {
                return;
            }

            var options = new FileStreamOptions { Mode = earlier.Count < Kept ? FileMode.Append : FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var file = new StreamWriter(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), options);
            foreach (var entry in earlier.Count < Kept ? [text] : earlier.Skip(Kept / 4).Append(text))
            {
                file.Write(JsonSerializer.Serialize(entry) + '\n');
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A session without a memory is still one.
        }
    }

    private static string? Entry(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<string>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

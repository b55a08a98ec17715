using System.Text.Json;

namespace HybridConversations.Http.Keys;

/// <summary>Keys in a file that only its owner may read. Changes are whole: a new file takes the old one's place.</summary>
public sealed class KeyFile(string path)
{
    /// <summary>Where it is.</summary>
    public string Path { get; } = path;

    /// <summary>The keys; none where there is no file.</summary>
    /// <exception cref="ProblemException">The file cannot be read, or is no file of keys.</exception>
    public IReadOnlyList<ApiKey> Read()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path), KeyJson.Default.KeyDocument)?.Keys ?? [];
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest($"The file of keys '{Path}' cannot be read ({error.Message.ReplaceLineEndings(" ")}). 'hc keys add' makes one."), error);
        }
    }

    /// <summary>Replaces the keys.</summary>
    /// <exception cref="ProblemException">The file cannot be written.</exception>
    public void Write(IReadOnlyList<ApiKey> keys)
    {
        var temporary = $"{Path}.{Environment.ProcessId}.new";
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!);
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var file = new FileStream(temporary, options))
            {
                JsonSerializer.Serialize(file, new KeyDocument(keys), KeyJson.Default.KeyDocument);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, Path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest($"The file of keys '{Path}' cannot be written ({error.Message.ReplaceLineEndings(" ")})."), error);
        }
    }
}

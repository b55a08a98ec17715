using HybridConversations.Inference.Models;
using HybridConversations.Models;

namespace HybridConversations.Cli.Settings;

/// <summary>Finds the model file and looks at its first bytes, so that a wrong file is refused in one line.</summary>
internal static class ModelFiles
{
    private const string Demo = "demo.gguf";
    private static ReadOnlySpan<byte> Magic => "GGUF"u8;

    public static string Read(SettingsReader reader)
    {
        if (reader.Text(KnownSettings.Model) is { } given)
        {
            reader.Check(KnownSettings.Model, Fault);
            return TryFind(given) ?? "";
        }

        if (FindDemo(AppContext.BaseDirectory) is { } demo)
        {
            return demo;
        }

        reader.Wrong(KnownSettings.Model, $"no model is given, and models/{Demo} lies in no folder above {AppContext.BaseDirectory}. Give {KnownSettings.Model.Option} FILE or set {KnownSettings.Model.Variable}.");
        return "";
    }

    /// <summary>The demo model next to the program, or in <c>models/</c> of a folder above it.</summary>
    public static string? FindDemo(string start)
    {
        if (File.Exists(Path.Combine(start, Demo)))
        {
            return Path.Combine(start, Demo);
        }

        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "models", Demo);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>A path, or the name of a model that was pulled.</summary>
    /// <exception cref="ProblemException">There is no such file.</exception>
    public static string Find(string given) => ModelLocator.Find(given.StartsWith("~/", StringComparison.Ordinal) ? Paths.Full(given) : given);

    private static string? TryFind(string given)
    {
        try
        {
            return Find(given);
        }
        catch (ProblemException)
        {
            return null;
        }
    }

    /// <returns>Why this cannot be a model; null when it looks like one.</returns>
    public static string? Fault(string path)
    {
        if (Directory.Exists(Paths.Full(path)))
        {
            return $"{Paths.Full(path)} is a folder; give a GGUF file in it.";
        }

        string full;
        try
        {
            full = Find(path);
        }
        catch (ProblemException exception)
        {
            return exception.Message;
        }

        if (GgufFile.IsNoFile(full))
        {
            return $"{full} is not a GGUF file: it is empty, or a pipe or a device.";
        }

        try
        {
            using var file = File.OpenRead(full);
            Span<byte> head = stackalloc byte[Magic.Length];
            var read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            return head[..read].SequenceEqual(Magic) ? null : $"{full} is not a GGUF file (those begin with \"GGUF\"; this one is something else).";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"{full} cannot be read: {exception.Message}";
        }
    }
}

using System.Runtime.InteropServices;
using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>Finds libllama: <c>HC_LLAMA_LIB</c>, else <c>llama/</c> beside the program, else <c>tools/native/</c> of a checkout above the program.</summary>
internal static class LlamaLibraryLocator
{
    public const string Variable = BackendChoice.LibraryVariable;
    private static readonly string[] Subfolders = ["", "lib", "bin"];

    /// <param name="wanted">Value of <see cref="Variable"/>: a file or a folder; null or empty for none. When given, nothing else is looked at.</param>
    /// <param name="baseFolder">Folder of the program.</param>
    /// <returns>Full path of the libllama file.</returns>
    /// <exception cref="BackendException">There is none; says where it was looked for.</exception>
    public static string Find(string? wanted, string baseFolder)
    {
        if (!string.IsNullOrWhiteSpace(wanted))
        {
            return FindWanted(Path.GetFullPath(wanted));
        }

        var shipped = Path.Combine(baseFolder, "llama");
        if (InFolder(shipped) is { } beside)
        {
            return beside;
        }

        for (var folder = new DirectoryInfo(baseFolder); folder is not null; folder = folder.Parent)
        {
            var bins = Path.Combine(folder.FullName, "tools", "native", "node_modules", "@node-llama-cpp", Platform, "bins");
            if (Directory.Exists(bins) && Directory.EnumerateDirectories(bins).Order().Select(InFolder).FirstOrDefault(found => found is not null) is { } fetched)
            {
                return fetched;
            }
        }

        throw new BackendException($"llama.cpp's libraries are missing. Looked for libllama in {shipped} and in tools/native/node_modules of {baseFolder} and "
            + $"the folders above it. Run tools/native/fetch in a checkout, or set {Variable} to the folder of a llama.cpp v0.5.0 build (its libllama.so or the folder with it).");
    }

    /// <summary>Name of the npm package for this machine, without its scope.</summary>
    private static string Platform { get; } = (OperatingSystem.IsMacOS(), RuntimeInformation.ProcessArchitecture) switch
    {
        (true, Architecture.Arm64) => "mac-arm64-metal",
        (true, _) => "mac-x64",
        (_, Architecture.Arm64) => "linux-arm64",
        _ => "linux-x64",
    };

    private static string FindWanted(string path)
    {
        if (File.Exists(path))
        {
            return path;
        }

        if (!Directory.Exists(path))
        {
            throw new BackendException($"{Variable} is set to {path}, which is neither a file nor a folder. Set it to llama.cpp v0.5.0's libllama.so or the folder with it, or unset it.");
        }

        return Subfolders.Select(sub => InFolder(Path.Combine(path, sub))).FirstOrDefault(found => found is not null)
            ?? throw new BackendException($"{Variable} is set to {path}, but no libllama lies in it (nor in its lib or bin folder). Build llama.cpp v0.5.0 with shared libraries and set {Variable} to their folder, or unset it.");
    }

    /// <summary>The libllama of a folder: libllama.so before libllama.v0.5.0.so before libllama.so.0; never libllama-common.</summary>
    private static string? InFolder(string folder) => !Directory.Exists(folder) ? null : Directory.EnumerateFiles(folder)
        .Where(file => Path.GetFileName(file) is var name && (name == "llama.dll"
            || (name.StartsWith("libllama.", StringComparison.Ordinal) && (name.Contains(".so", StringComparison.Ordinal) || name.EndsWith(".dylib", StringComparison.Ordinal)))))
        .OrderBy(file => file.Length).ThenBy(file => file, StringComparer.Ordinal)
        .FirstOrDefault();
}

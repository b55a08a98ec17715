namespace HybridConversations.Models;

/// <summary>Finds the file of the model that somebody named.</summary>
public static class ModelLocator
{
    /// <summary>Full path of a model file.</summary>
    /// <param name="nameOrPath">A path, a known name (see <see cref="ModelCatalog"/>), or the name of a file in the models folder, with or without <c>.gguf</c>.</param>
    /// <param name="folder">The models folder; null for <see cref="ModelFolder.Default"/>.</param>
    /// <exception cref="ProblemException">There is no such file; the message says how to get it.</exception>
    public static string Find(string nameOrPath, string? folder = null)
    {
        if (string.IsNullOrWhiteSpace(nameOrPath))
        {
            throw new ProblemException(ProblemCodes.InvalidRequest($"No model is named. Give the path of a GGUF file, or one of {ModelCatalog.Names}."));
        }

        folder ??= ModelFolder.Default;
        if (File.Exists(nameOrPath))
        {
            return Path.GetFullPath(nameOrPath);
        }

        var local = LocalModels.List(folder);
        var found = local.FirstOrDefault(m =>
            m.Name.Equals(nameOrPath, StringComparison.OrdinalIgnoreCase)
            || Path.GetFileName(m.Path).Equals(nameOrPath, StringComparison.OrdinalIgnoreCase)
            || Path.GetFileNameWithoutExtension(m.Path).Equals(nameOrPath, StringComparison.OrdinalIgnoreCase));
        return found?.Path ?? throw Missing(nameOrPath, folder, local);
    }

    private static ProblemException Missing(string name, string folder, IReadOnlyList<LocalModel> local)
    {
        if (ModelCatalog.Find(name) is { } known)
        {
            return new ProblemException(ProblemCodes.Missing(
                $"The model '{known.Name}' is not in {folder}. Get it with: hc models pull {known.Name} (about {known.ApproximateBytes / 1e9:0.0#} GB)."));
        }

        var here = local.Count == 0 ? $"{folder} holds none" : $"{folder} holds {string.Join(", ", local.Select(m => m.Name))}";
        return new ProblemException(ProblemCodes.Missing(
            $"There is no model '{name}': no file of that path, and {here}. Get one with: hc models pull NAME, where NAME is one of "
                + $"{ModelCatalog.Names}, or owner/repository/file.gguf."));
    }
}

using System.Globalization;
using HybridConversations.Cli.Settings;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Models;
using HybridConversations.Inference.Templates;

namespace HybridConversations.Cli.Models;

/// <summary>The text of <c>hc models info</c>.</summary>
internal static class ModelDescription
{
    /// <param name="output">Where to.</param>
    /// <param name="path">The model file.</param>
    /// <param name="backend">Name of the backend that would load it.</param>
    /// <param name="cancellationToken">Ends the hashing.</param>
    public static async Task Print(TextWriter output, string path, string backend, CancellationToken cancellationToken)
    {
        var file = GgufFile.Read(path);
        foreach (var (name, value) in Lines(file).Concat(Backend(backend)))
        {
            if (!string.IsNullOrEmpty(value))
            {
                await output.WriteLineAsync($"{name,-14} {value}");
            }
        }

        await output.WriteLineAsync($"{"SHA-256",-14} {await ModelHash.Compute(path, cancellationToken: cancellationToken)}");
    }

    /// <summary>What would compute it here.</summary>
    private static IEnumerable<(string Name, string? Value)> Backend(string name)
    {
        BackendProbe probe;
        try
        {
            probe = BackendProviders.Choose(name).Examine();
        }
        catch (BackendException exception)
        {
            return [("backend", $"none: {exception.Message}")];
        }

        return [("backend", probe.Name), ("device", string.Join(", ", probe.Devices))];
    }

    private static IEnumerable<(string Name, string? Value)> Lines(GgufFile file)
    {
        yield return ("name", file.Name);
        yield return ("file", $"{file.Path} ({ModelListing.Size(file.FileBytes)}, GGUF {file.Version})");
        yield return ("description", file.Description);
        yield return ("architecture", file.Architecture);
        yield return ("weights", string.Create(CultureInfo.InvariantCulture, $"{file.Parameters / 1e6:#,0.#} million, {file.Quantisation}, {ModelListing.Size(file.WeightBytes)}"));
        yield return ("context", file.ContextLength is { } context ? string.Create(CultureInfo.InvariantCulture, $"{context:#,0} tokens trained") : null);
        yield return ("layers", file.Number("block_count")?.ToString(CultureInfo.InvariantCulture));
        yield return ("limits", ModelRecall.Of(file).Limits);
        yield return ("chat template", Template(file));
        yield return ("licence", file.License);
    }

    private static string Template(GgufFile file) =>
        new ChatTemplate(file.ChatTemplate, "", "").Problem is { } problem ? $"{problem}; prompts are written in ChatML" : "the model's own";
}

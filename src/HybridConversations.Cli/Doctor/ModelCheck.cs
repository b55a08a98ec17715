using System.Globalization;
using HybridConversations.Cli.Models;
using HybridConversations.Cli.Settings;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Models;

namespace HybridConversations.Cli.Doctor;

/// <summary>Is there a model, and is it whole?</summary>
internal static class ModelCheck
{
    public static Finding Examine(SettingsSources sources)
    {
        const string Subject = "model";
        try
        {
            var reader = new SettingsReader(sources);
            var path = ModelFiles.Read(reader);
            reader.ThrowIfWrong();
            var file = GgufFile.Read(path);
            var detail = string.Create(CultureInfo.InvariantCulture,
                $"{file.Name}: {file.Parameters / 1e6:#,0.#} million weights, {file.Quantisation}, {ModelListing.Size(file.FileBytes)} ({path})");
            return ModelRecall.Of(file).Limits is { } limits ? Finding.Note(Subject, detail, limits) : Finding.Ok(Subject, detail);
        }
        catch (Exception exception) when (exception is SettingsException or BackendException)
        {
            return Finding.Missing(Subject, exception.Message, "Give a GGUF file with --model FILE or HC_MODEL, or get one: hc models pull llama-3.2-3b");
        }
    }
}

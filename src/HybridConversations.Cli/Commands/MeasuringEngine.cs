using HybridConversations.Cli.Settings;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Engine;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Cli.Commands;

/// <summary>A model loaded as <c>hc serve</c> would, with room for 16 streams, to be measured.</summary>
internal static class MeasuringEngine
{
    private const int Context = 5120;
    private const int Sequences = 24;

    /// <param name="model">A file or the name of one that was pulled; null: what <c>hc serve</c> takes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<InferenceEngine> Load(string? model, CancellationToken cancellationToken)
    {
        var given = new Dictionary<Setting, string>();
        if (model is not null)
        {
            given[KnownSettings.Model] = model;
        }

        var settings = ServerSettings.Read(SettingsSources.OfProcess(given));
        var wanted = settings.Backend with { Context = Math.Max(settings.Backend.Context, Context), MaxSequences = Sequences, Layout = KvLayout.Unified };
        var backend = await Task.Run(() => BackendProviders.Choose(settings.BackendName).Load(wanted, NullLogger.Instance, cancellationToken), cancellationToken);
        return new InferenceEngine(backend, new EngineOptions { PromptLookup = false }, TimeProvider.System, NullLogger<InferenceEngine>.Instance);
    }
}

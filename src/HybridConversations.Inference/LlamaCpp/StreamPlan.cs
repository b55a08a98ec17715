using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>How many sequences have cells of their own, and how many cells: a pure function of the options.</summary>
internal sealed record StreamPlan(int Streams, int CellsPerStream)
{
    /// <summary>Tokens that a conversation should be able to hold before <see cref="KvLayout.Auto"/> gives each its own cells.</summary>
    public const int WorthIt = 2048;

    public int Cells => Streams * CellsPerStream;

    /// <summary>Null where the KV memory is unified.</summary>
    public static StreamPlan? Of(BackendOptions options, int trainedContext)
    {
        var streams = options.Streams > 0 ? options.Streams : options.MaxSequences;
        var least = Math.Max(LlamaContextPlan.ContextGranularity, Math.Min(trainedContext, WorthIt) / LlamaContextPlan.ContextGranularity * LlamaContextPlan.ContextGranularity);
        var each = options.Context / streams / LlamaContextPlan.ContextGranularity * LlamaContextPlan.ContextGranularity;
        return options.Layout switch
        {
            KvLayout.Separate => new StreamPlan(streams, options.Context == 0 ? least : Math.Max(each, LlamaContextPlan.ContextGranularity)),
            KvLayout.Auto when each >= least => new StreamPlan(streams, each),
            _ => null,
        };
    }
}

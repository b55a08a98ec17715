namespace HybridConversations.Tests.Common.TinyModels;

/// <summary>How a model remembers what came before.</summary>
public enum TinyModelKind
{
    /// <summary>By a state that each token changes (Mamba).</summary>
    Recurrent,

    /// <summary>Partly by such a state, partly by attention (LFM2).</summary>
    Hybrid,

    /// <summary>By attention, in most layers to the last tokens only (Gemma 3).</summary>
    SlidingWindow,
}

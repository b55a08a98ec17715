using System.Runtime.InteropServices;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.KvCache;
using HybridConversations.Inference.Replies;
using HybridConversations.Inference.Sampling;
using HybridConversations.Inference.Scheduling;

namespace HybridConversations.Inference.Engine;

/// <summary>
/// A generation inside the engine. All its tokens are known here (prompt, then reply); the slot says how many of them have KV.
/// Reading a prompt, decoding and recovering from eviction are the same thing: computing tokens that the slot lacks.
/// </summary>
internal sealed class Sequence
{
    private readonly List<int> _tokens;

    public Sequence(Generation generation, int[] endTokens, IModelBackend backend)
    {
        Generation = generation;
        _tokens = [.. Request.Prompt.Tokens];
        Class = Request.Speculative ? ServiceClass.Speculative : ServiceClassOf(Request.Priority);
        var thought = Request.Thought is { } limit ? new ThoughtWatch(limit, backend) : null;
        Sampler = new TokenSampler(Request.Sampling, Request.Calls is { } calls ? new CallConstraint(calls, backend) : Request.Grammar?.Begin(), endTokens, thought);
        Stops = Request.Stop.Count + Request.Ends.Count > 0 ? new Text.StopMatcher(Request.Stop, Request.Ends) : null;
    }

    public Generation Generation { get; }
    public GenerationRequest Request => Generation.Request;
    public ServiceClass Class { get; private set; }
    public TokenSampler Sampler { get; }
    public Text.StopMatcher? Stops { get; }
    public KvSlot? Slot { get; set; }
    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);
    public int PromptTokens { get; private set; }
    public int Generated { get; private set; }

    /// <summary>Tokens known and not computed.</summary>
    public int Pending => _tokens.Count - (Slot?.Count ?? 0);

    /// <summary>Prompt tokens whose KV was there at the first admission.</summary>
    public ReusedTokens Reused { get; set; } = new();
    public bool Admitted { get; set; }

    /// <summary>Has the disk been asked for its KV?</summary>
    public DiskState DiskState { get; set; }

    /// <summary>What the disk had; owned by the sequence.</summary>
    public KvImage? Loaded { get; set; }

    /// <summary>Timestamp of the last step that computed a token of it; 0 for none.</summary>
    public long ServedAt { get; set; }
    public double QueuedMs { get; set; }
    public double FirstTokenMs { get; set; }

    /// <summary>Tokens it may still add.</summary>
    public int Remaining => Request.MaxTokens - Generated;

    /// <summary>Row of the current batch that holds its logits; −1 for none.</summary>
    public int LogitsRow { get; set; } = -1;

    /// <summary>Guessed tokens in the rows behind <see cref="LogitsRow"/>.</summary>
    public int Drafted { get; set; }

    /// <summary>Somebody asked for what was a guess until now.</summary>
    public void Promote(TurnPriority priority) => Class = ServiceClassOf(priority);

    private static ServiceClass ServiceClassOf(TurnPriority priority) => (ServiceClass)((int)priority + 1);

    /// <summary>Replaces the canonical prompt tokens by equivalent ones that the KV already holds.</summary>
    public void ReplacePrompt(ReadOnlySpan<int> tokens)
    {
        _tokens.Clear();
        _tokens.AddRange(tokens);
    }

    /// <summary>Fixes the prompt's length and makes room, so that the loop does not allocate.</summary>
    public void BeginAt(KvSlot slot)
    {
        Slot = slot;
        if (!Admitted)
        {
            Admitted = true;
            PromptTokens = _tokens.Count;
        }

        var most = _tokens.Count + Math.Min(Remaining, 4096);
        _tokens.EnsureCapacity(most);
        slot.Reserve(most);
    }

    public void Add(int token)
    {
        _tokens.Add(token);
        Generated++;
    }

    /// <summary>Hands the loaded state over to the caller.</summary>
    public KvImage? TakeLoaded()
    {
        var loaded = Loaded;
        Loaded = null;
        return loaded;
    }

    public TokenUsage Usage()
    {
        var prompt = Admitted ? PromptTokens : _tokens.Count;
        var reused = Reused.Resident + Reused.Parked + Reused.Snapshot + Reused.SharedPrefix;
        return new TokenUsage(prompt, Generated, reused, Admitted ? prompt - reused : 0, Reused);
    }
}

/// <summary>Where the look-up on disk stands.</summary>
internal enum DiskState
{
    Unknown,
    Loading,
    Asked,
}

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

    /// <summary>Reused tokens are counted at the first admission only.</summary>
    private bool _counts;

    public Sequence(Generation generation, int[] endTokens, IModelBackend backend)
    {
        Generation = generation;
        _tokens = [.. Request.Prompt.Tokens];
        ReadAhead = Request.ReadAhead;
        Class = ReadAhead ? ServiceClass.ReadAhead : ServiceClassOf(Request.Priority);
        var thought = Request.Thought is { } limit ? new ThoughtWatch(limit, backend) : null;
        Sampler = new TokenSampler(Request.Sampling, Request.Calls is { } calls ? new CallConstraint(calls, backend) : Request.Grammar?.Begin(), endTokens, thought);
        Stops = Request.Stop.Count + Request.Ends.Count > 0 ? new Text.StopMatcher(Request.Stop, Request.Ends) : null;
    }

    public Generation Generation { get; }
    public GenerationRequest Request => Generation.Request;
    public ServiceClass Class { get; private set; }

    /// <summary>Nobody has asked for it yet. False from the moment on in which a turn adopts it.</summary>
    public bool ReadAhead { get; private set; }
    public TokenSampler Sampler { get; }
    public Text.StopMatcher? Stops { get; }
    public KvSlot? Slot { get; set; }
    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);
    public int PromptTokens { get; private set; }
    public int Generated { get; private set; }

    /// <summary>Tokens known and not computed.</summary>
    public int Pending => _tokens.Count - (Slot?.Count ?? 0);

    /// <summary>Prompt tokens whose KV was there at the first admission.</summary>
    public ReusedTokens Reused { get; private set; } = new();
    public bool Admitted { get; private set; }

    /// <summary>Where its prompt's beginning could come from, while it waits.</summary>
    public PrefixSources? Sources { get; set; }

    /// <summary>Its KV on the way back into its slot; null when nothing more comes. It is not computed before that.</summary>
    public KvRestore? Restore { get; private set; }

    /// <summary>Timestamp of the last step that computed a token of it; 0 for none.</summary>
    public long ServedAt { get; set; }
    public double QueuedMs { get; set; }
    public double FirstTokenMs { get; set; }

    /// <summary>Tokens it may still add.</summary>
    public int Remaining => Request.MaxTokens - Generated;

    /// <summary>Row of the current batch that holds its logits; −1 for none.</summary>
    public int LogitsRow { get; set; } = -1;

    /// <summary>Others' grammars took the last step's time: it comes first in the next.</summary>
    public bool Deferred { get; set; }

    /// <summary>Guessed tokens in the rows behind <see cref="LogitsRow"/>.</summary>
    public int Drafted { get; set; }

    /// <summary>A turn adopts what was read ahead: from now on it is that turn.</summary>
    public void Promote(TurnPriority priority) => (ReadAhead, Class) = (false, ServiceClassOf(priority));

    private static ServiceClass ServiceClassOf(TurnPriority priority) => (ServiceClass)((int)priority + 1);

    /// <summary>Replaces the canonical prompt tokens by equivalent ones that the KV already holds.</summary>
    public void ReplacePrompt(ReadOnlySpan<int> tokens)
    {
        _tokens.Clear();
        _tokens.AddRange(tokens);
    }

    /// <summary>Fixes the prompt's length and makes room, so that the loop does not allocate.</summary>
    /// <param name="slot">Its own from now on.</param>
    /// <param name="restore">What has to come back first; its own, too.</param>
    public void BeginAt(KvSlot slot, KvRestore? restore)
    {
        (Slot, Sources, Restore) = (slot, null, restore);
        _counts = !Admitted;
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

    /// <summary>Counts prompt tokens whose KV was there or came back.</summary>
    public void Reuse(int resident = 0, int shared = 0, int parked = 0, int snapshot = 0)
    {
        if (_counts)
        {
            Reused = new ReusedTokens(Reused.Resident + resident, Reused.Parked + parked, Reused.Snapshot + snapshot, Reused.SharedPrefix + shared);
        }
    }

    /// <summary>Takes back that so many tokens were reused: they are read again after all.</summary>
    public void Forgo(int tokens)
    {
        if (_counts)
        {
            var (snapshot, parked, shared) = (Math.Min(tokens, Reused.Snapshot), 0, 0);
            parked = Math.Min(tokens - snapshot, Reused.Parked);
            shared = Math.Min(tokens - snapshot - parked, Reused.SharedPrefix);
            var resident = Math.Min(tokens - snapshot - parked - shared, Reused.Resident);
            Reuse(-resident, -shared, -parked, -snapshot);
        }
    }

    /// <summary>Nothing more comes back.</summary>
    public void EndRestore()
    {
        Restore?.Dispose();
        Restore = null;
    }

    public TokenUsage Usage()
    {
        var prompt = Admitted ? PromptTokens : _tokens.Count;
        var reused = Reused.Resident + Reused.Parked + Reused.Snapshot + Reused.SharedPrefix;
        return new TokenUsage(prompt, Generated, reused, Admitted ? prompt - reused : 0, Reused) { ReasoningTokens = Sampler.ThoughtTokens };
    }
}

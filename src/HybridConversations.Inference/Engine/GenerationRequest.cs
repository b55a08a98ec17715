using HybridConversations.Inference.Grammar;
using HybridConversations.Inference.Replies;
using HybridConversations.Inference.Sampling;
using HybridConversations.Inference.Scheduling;
using HybridConversations.Inference.Text;

namespace HybridConversations.Inference.Engine;

/// <summary>What the engine is asked to do.</summary>
public sealed record GenerationRequest
{
    /// <summary>Whose KV state to continue and keep; null for a request without a conversation.</summary>
    public string? Key { get; init; }

    /// <summary>What the model reads.</summary>
    public required Prompt Prompt { get; init; }

    /// <summary>Tokens to generate at most; 0 reads the prompt ahead and generates nothing.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>How tokens are sampled.</summary>
    public SamplingParameters Sampling { get; init; } = new();

    /// <summary>Texts that end the reply and are no part of it.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Texts that end a reply of this model, beside its tokens that do.</summary>
    public IReadOnlyList<string> Ends { get; init; } = [];

    /// <summary>Control tokens whose text is part of the reply: marks that its reader takes apart. Others have none.</summary>
    public IReadOnlySet<int>? Marks { get; init; }

    /// <summary>What the reply must look like (see <see cref="InferenceEngine.CompileGrammar"/>); null for anything.</summary>
    public CompiledGrammar? Grammar { get; init; }

    /// <summary>What its calls must look like, from their opening mark on; null for anything. Excludes <see cref="Grammar"/>.</summary>
    public CallPlan? Calls { get; init; }

    /// <summary>What its thoughts stand between, and how long they may be; null where it has none.</summary>
    public ThoughtLimit? Thought { get; init; }

    /// <summary>Who goes first.</summary>
    public TurnPriority Priority { get; init; } = TurnPriority.Interactive;

    /// <summary>A turn, or a part of one, that nobody has asked for yet: behind everything else, the first to go under load. Not to be mixed up with speculation, which is of tokens.</summary>
    public bool ReadAhead { get; init; }

    /// <summary>Tokens at the prompt's beginning that other conversations may begin with too (its system prompt); 0 when not known.</summary>
    public int SharedTokens { get; init; }

    /// <summary>Its text must not be shown in a log.</summary>
    public bool Private { get; init; }

    /// <summary>
    /// The same request shall get the same reply, to the bit, whenever nobody else is served: its prompt is read on a fixed grid (<see cref="ReadingGrid"/>) and its KV lies
    /// as it would in an empty memory.
    /// </summary>
    public bool Reproducible { get; init; }

    /// <summary>Keep its KV when others are evicted.</summary>
    public bool Pin { get; init; }

    /// <summary>Milliseconds from acceptance within which the reply should be whole; null for none.</summary>
    public int? DeadlineMs { get; init; }
}

/// <summary>How a generation ended.</summary>
public sealed record GenerationResult(FinishReason FinishReason, TokenUsage Usage, TurnTimings Timings);

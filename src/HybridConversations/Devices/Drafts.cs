using System.Collections.Concurrent;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.Sampling;
using HybridConversations.Inference.Templates;
using HybridConversations.Inference.Text;

namespace HybridConversations.Devices;

/// <summary>
/// What people are still saying: read ahead behind all turns, and the reply begun where the caller asked for it. A later draft replaces an earlier one;
/// the engine keeps the KV, so whatever stays the same is read once. Thread-safe.
/// </summary>
internal sealed class Drafts(InferenceEngine engine, PromptRenderer renderer, SystemPrefix system, TimeProvider time)
{
    private const int MaxDrafts = 256;

    /// <summary>Nobody goes on, and no turn came: it is forgotten.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, Draft> _drafts = new(StringComparer.Ordinal);
    private long _read;
    private long _adopted;
    private long _wasted;

    public ListeningStatus Status => new(Interlocked.Read(ref _read), Interlocked.Read(ref _adopted), Interlocked.Read(ref _wasted));

    /// <summary>Reads a draft ahead; with a reply to begin where <paramref name="reply"/> is given.</summary>
    public void Replace(string conversationId, ChatInput input, GenerationRequest? reply)
    {
        TakeBack(conversationId);
        if (_drafts.Count >= MaxDrafts)
        {
            return; // reading ahead is a courtesy
        }

        var request = reply ?? ReadAhead(conversationId, input);
        try
        {
            var generation = engine.Submit(request with { ReadAhead = true, Priority = TurnPriority.Background, DeadlineMs = null });
            var draft = new Draft(generation, reply is not null);
            _drafts[conversationId] = draft;
            draft.Silence = time.CreateTimer(_ => ForgetIf(conversationId, draft), null, Silence, Timeout.InfiniteTimeSpan);
            Interlocked.Increment(ref _read);
        }
        catch (ProblemException)
        {
            // Overloaded or too long: the turn itself will be told.
        }
    }

    public void TakeBack(string conversationId)
    {
        if (_drafts.TryRemove(conversationId, out var draft))
        {
            Discard(draft);
        }
    }

    private void ForgetIf(string conversationId, Draft draft)
    {
        if (_drafts.TryRemove(KeyValuePair.Create(conversationId, draft)))
        {
            Discard(draft);
        }
    }

    /// <summary>The reply that was begun for exactly this request, now the turn's own; null when there is none.</summary>
    public async Task<Generation?> Adopt(GenerationRequest request)
    {
        if (request.Key is null || !_drafts.TryRemove(request.Key, out var draft))
        {
            return null;
        }

        draft.Silence?.Dispose();
        if (draft.HasReply && SameReply(draft.Generation.Request, request) && await engine.Promote(draft.Generation, request.Priority))
        {
            Interlocked.Increment(ref _adopted);
            return draft.Generation;
        }

        Discard(draft);
        return null;
    }

    /// <summary>Seeds differ where nobody chose one; everything else must be the same.</summary>
    private static bool SameReply(GenerationRequest begun, GenerationRequest asked) =>
        asked is { Grammar: null, Calls: null, Thought: null or { Tokens: ThoughtLimit.None }, DeadlineMs: null } && begun.Marks == asked.Marks && begun.MaxTokens == asked.MaxTokens && begun.Stop.SequenceEqual(asked.Stop)
        && begun.Sampling with { Seed = asked.Sampling.Seed } == asked.Sampling && begun.Prompt.Tokens.AsSpan().SequenceEqual(asked.Prompt.Tokens);

    private void Discard(Draft draft)
    {
        draft.Silence?.Dispose();
        draft.Generation.Cancel();
        if (draft.HasReply)
        {
            _ = draft.Generation.Completion.ContinueWith(
                ended => Interlocked.Add(ref _wasted, ended.Result.Usage.CompletionTokens),
                CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private GenerationRequest ReadAhead(string conversationId, ChatInput input)
    {
        var prompt = CertainPart(input);
        return new GenerationRequest { Key = conversationId, Prompt = prompt, MaxTokens = 0, SharedTokens = system.LengthIn(prompt, input) };
    }

    /// <summary>The tokens that stay whatever is said next: what the prompts of this draft and of a longer one have in common.</summary>
    private Prompt CertainPart(ChatInput input)
    {
        var prompt = renderer.Render(input);
        var longer = renderer.Render(input with { Messages = [.. input.Messages.SkipLast(1), input.Messages[^1] with { Content = input.Messages[^1].Content + " and" }] });
        var common = prompt.Tokens.AsSpan().CommonPrefixLength(longer.Tokens);
        return prompt with { Tokens = prompt.Tokens[..Math.Max(1, common)] };
    }

    private sealed class Draft(Generation generation, bool hasReply)
    {
        public Generation Generation { get; } = generation;
        public bool HasReply { get; } = hasReply;

        /// <summary>Ends it; set right after it was made.</summary>
        public ITimer? Silence { get; set; }
    }
}

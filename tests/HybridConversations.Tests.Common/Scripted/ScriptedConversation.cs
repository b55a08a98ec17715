using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace HybridConversations.Tests.Common.Scripted;

/// <summary>One conversation of <see cref="ScriptedConversations"/>.</summary>
public sealed class ScriptedConversation(string id, ScriptedConversations all) : IConversation
{
    public ConcurrentQueue<Turn> Turns { get; } = new();
    public ConcurrentQueue<string?> Interrupts { get; } = new();
    public ConcurrentQueue<(string TurnId, string? Heard)> TurnInterrupts { get; } = new();
    public ConcurrentQueue<SpokenDraft> Drafts { get; } = new();

    /// <summary>Released once for every turn whose caller left before its end.</summary>
    public SemaphoreSlim Left { get; } = new(0);

    public InterruptResult InterruptResult { get; set; } = new(null, null);
    public ConversationPage? History { get; set; }
    public (long After, int Limit) WasRead { get; private set; }

    public async IAsyncEnumerable<ReplyEvent> Say(Turn turn, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Turns.Enqueue(turn);
        var whole = false;
        try
        {
            await foreach (var next in all.Reply(turn, cancellationToken).WithCancellation(cancellationToken))
            {
                whole |= next is ReplyCompleted or ReplyFailed;
                yield return next;
            }
        }
        finally
        {
            if (!whole)
            {
                Left.Release();
            }
        }
    }

    public Task<InterruptResult> Interrupt(string? heard, CancellationToken cancellationToken = default)
    {
        Interrupts.Enqueue(heard);
        return Task.FromResult(InterruptResult);
    }

    public Task<InterruptResult> InterruptTurn(string turnId, string? heard, CancellationToken cancellationToken = default)
    {
        TurnInterrupts.Enqueue((turnId, heard));
        return Task.FromResult(InterruptResult);
    }

    public Task Listen(SpokenDraft draft, CancellationToken cancellationToken = default)
    {
        Drafts.Enqueue(draft);
        return Task.CompletedTask;
    }

    public Task<ConversationPage?> Read(long after, int limit, CancellationToken cancellationToken = default)
    {
        WasRead = (after, limit);
        return Task.FromResult(History);
    }

    public Task<Deletion?> Forget(CancellationToken cancellationToken = default)
    {
        var was = History is not null;
        History = null;
        return Task.FromResult(was ? Deletion : null);
    }

    /// <summary>What it says of having been forgotten.</summary>
    public Deletion Deletion { get; set; } = new(["jetson"], []);

    public Task<bool> Delete(CancellationToken cancellationToken = default)
    {
        var was = History is not null;
        History = null;
        return Task.FromResult(was);
    }

    public override string ToString() => id;

    public static ReplyRouted Routed { get; } = new(RouteTarget.Local, "No cloud endpoint is configured.", "local-only", 0.25);

    public static ReplyCompleted Completed(string turnId, string text, FinishReason reason = FinishReason.Stop) =>
        new(turnId, text, reason, new TokenUsage(20, 5, 15, 5, new ReusedTokens(Resident: 15)), new TurnTimings(12.5, 40, 1.5));

    public static async IAsyncEnumerable<ReplyEvent> Echo(Turn turn, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Routed;
        var words = turn.Text.Split(' ');
        for (var word = 0; word < words.Length; word++)
        {
            await Task.Yield();
            yield return new ReplyText(word == 0 ? words[word] : " " + words[word]);
        }

        yield return new ReplySentence(turn.Text);
        yield return Completed(turn.TurnId, turn.Text);
    }
}

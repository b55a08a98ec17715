using System.Runtime.CompilerServices;
using HybridConversations.Storage;

namespace HybridConversations.Conversations;

/// <summary>
/// One conversation, whoever hosts it: a dictionary in this process, or an Orleans grain that forwards to it. There must be only one object for an id at a time.
/// Thread-safe. Continuations stay on the caller's scheduler (no <c>ConfigureAwait(false)</c>), since a grain's log may be touched nowhere else.
/// </summary>
public sealed partial class Conversation : IConversation
{
    private readonly string _id;
    private readonly IConversationLog _log;
    private readonly TurnStore _store;
    private readonly ConversationServices _services;
    private readonly TurnGate _gate;

    // The resumable turn that began last; it may have ended.
    private SharedReply? _shared;

    // Null: not read yet, or in doubt since a write failed. Written by whoever holds the gate.
    private volatile ConversationState? _state;

    /// <param name="id">Its id, which has been checked (<see cref="CheckId"/>).</param>
    /// <param name="log">Its durable record.</param>
    /// <param name="services">What it shares with others.</param>
    public Conversation(string id, IConversationLog log, ConversationServices services)
    {
        _id = id;
        _log = log;
        _services = services;
        _store = new TurnStore(log, services);
        _gate = new TurnGate(services.Options.MaxWaiting);
    }

    /// <summary>True when nothing runs or waits here: the object may be dropped, and nothing is lost.</summary>
    public bool IsIdle => _gate.IsFree;

    /// <summary>Null when <paramref name="conversationId"/> may be the id of a conversation, else what is wrong with it.</summary>
    public static Problem? CheckId(string? conversationId) =>
        TextRules.CheckId("The conversation id", conversationId).ToList() is { Count: > 0 } errors ? ProblemCodes.InvalidRequest(string.Join(' ', errors)) : null;

    public async IAsyncEnumerable<ReplyEvent> Say(Turn turn, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(turn);
        var start = await Begin(turn, cancellationToken);
        foreach (var e in start.Events)
        {
            yield return e;
        }

        if (start.Shared is { } shared)
        {
            await foreach (var e in shared.Read(turn.Received, cancellationToken))
            {
                yield return e;
            }
        }

        if (start.Run is null)
        {
            yield break;
        }

        await using var run = start.Run;
        using var left = cancellationToken.UnsafeRegister(static run => ((TurnRun)run!).RequestStop(StopRequest.CallerLeft), run);
        while (await run.Next() is { } next)
        {
            yield return next;
        }
    }

    public async Task<InterruptResult> Interrupt(string? heard, CancellationToken cancellationToken = default)
    {
        ThrowIfInvalid(heard is null ? [] : TextRules.Check("heard", heard, Limits.MaxTurnCharacters));
        while (true)
        {
            if (_gate.Running is { } run)
            {
                var stop = new StopRequest(StopReason.BargeIn, heard);
                run.RequestStop(stop);
                var outcome = await run.Settled.WaitAsync(cancellationToken);
                if (ReferenceEquals(outcome.Stop, stop))
                {
                    return outcome.StoreProblem is null ? new InterruptResult(run.TurnId, outcome.Stored?.Reply) : throw new ProblemException(outcome.StoreProblem);
                }
            }

            // It was over already, or someone else ended it.
            if (heard is null)
            {
                return new InterruptResult(null, null);
            }

            if (await TryCutLast(heard, cancellationToken) is { } cut)
            {
                return cut;
            }
        }
    }

    public async Task Listen(SpokenDraft draft, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ThrowIfInvalid([
            .. TextRules.Check("text", draft.Text ?? "", Limits.MaxTurnCharacters),
            .. draft.System is null ? [] : TextRules.Check("system", draft.System, Limits.MaxSystemCharacters)]);
        if (await ReadIfFree(cancellationToken) is not { } state)
        {
            return; // What the device does next is not known before the running turn has ended.
        }

        var text = draft.Text ?? "";
        var system = state.Head.System ?? (state.Head.LastSequence == 0 ? draft.System : null) ?? _services.Options.DefaultSystem;
        var request = new DeviceRequest { ConversationId = _id, Messages = PromptMessages.Of(system, state.Window, text).Messages, Priority = TurnPriority.Voice };
        var device = await _services.Devices.Pick(state.Head, new Turn { TurnId = "listen", Text = text, Priority = TurnPriority.Voice }, cancellationToken);

        // An empty draft must stay empty: joined to words that were never answered it would look like one.
        var takenBack = request with { Messages = [new ChatMessage(ChatMessage.User, "")] };
        await device.Listen(text.Length > 0 ? request : takenBack, draft.Speculate, cancellationToken);
    }

    public async Task<ConversationPage?> Read(long after, int limit, CancellationToken cancellationToken = default)
    {
        ThrowIfInvalid(limit is < 1 or > Limits.MaxPage ? [$"limit is {limit}; it must be from 1 to {Limits.MaxPage}."] : []);
        var version = _gate.Version;
        var running = _gate.Running?.TurnId;
        if (await _log.ReadHead(cancellationToken) is not { } head)
        {
            return null;
        }

        var turns = (await _log.ReadTurns(after, limit + 1, cancellationToken)).ToList();
        var next = turns.Count > limit ? turns[limit - 1].Sequence : (long?)null;

        // A turn on record as running that does not run here was cut off together with its host, or its end could not be stored.
        if (_gate.Version == version)
        {
            turns = turns.ConvertAll(turn => turn.State == TurnState.Running && turn.TurnId != running ? CutOff(turn) : turn);
        }

        return new ConversationPage(_id, head.System, next is null ? turns : turns[..limit], next);
    }

    /// <summary>
    /// Ends a running turn so that it can be sent again, and returns when that is stored. For a host that goes down; it must let no new turn in before.
    /// </summary>
    public async Task Stop(CancellationToken cancellationToken = default)
    {
        while (_gate.Running is { } run)
        {
            run.RequestStop(new StopRequest(StopReason.Stopping));
            await run.Settled.WaitAsync(cancellationToken);
        }
    }

    private static TurnRecord CutOff(TurnRecord turn) => turn with { State = TurnState.Interrupted, Repeatable = true, FinishReason = FinishReason.Interrupted };

    private static void ThrowIfInvalid(IEnumerable<string> errors)
    {
        if (string.Join(' ', errors) is { Length: > 0 } all)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest(all));
        }
    }

    /// <summary>Null when a turn runs.</summary>
    private async Task<ConversationState?> ReadIfFree(CancellationToken cancellationToken)
    {
        var operation = new object();
        try
        {
            await _gate.Enter(operation, _ => null, cancellationToken);
        }
        catch (ProblemException busy) when (busy.Problem.Code == ProblemCodes.TurnInProgress)
        {
            return null;
        }

        try
        {
            return await State(cancellationToken);
        }
        finally
        {
            _gate.Leave(operation);
        }
    }

    /// <summary>Only for who holds the gate.</summary>
    private async ValueTask<ConversationState> State(CancellationToken cancellationToken) =>
        _state ??= await ConversationState.Load(_log, _id, _services.Options, cancellationToken);
}

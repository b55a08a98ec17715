using System.Runtime.CompilerServices;
using HybridConversations.Routing;
using HybridConversations.Storage;

namespace HybridConversations.Conversations;

/// <summary>
/// One conversation, whoever hosts it: a dictionary in this process, or an Orleans grain that forwards to it. There must be only one object for an id at a time.
/// Thread-safe. Continuations stay on the caller's scheduler (no <c>ConfigureAwait(false)</c>), since a grain's log may be touched nowhere else.
/// </summary>
public sealed partial class Conversation : IConversation, IConversationRecord
{
    private readonly string _id;
    private readonly IConversationLog _log;
    private readonly TurnStore _store;
    private readonly ConversationServices _services;
    private readonly TurnGate _gate;

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

    /// <inheritdoc/>
    public async IAsyncEnumerable<ReplyEvent> Say(Turn turn, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(turn);
        for (var told = false; ;)
        {
            var start = await Begin(turn, cancellationToken);
            foreach (var e in start.Events)
            {
                yield return e;
            }

            if (start.Reader is not { } reader)
            {
                yield break;
            }

            await using (reader)
            {
                await foreach (var e in reader.Read(start.Received, cancellationToken))
                {
                    told |= e is ReplyText or ReplyToolCall;
                    yield return e;
                }
            }

            if (!reader.WasGivenUp)
            {
                yield break;
            }

            // Those whose turn this one had joined are gone, and it ended with them: it is said again, unless this reply would begin like that one.
            if (told)
            {
                yield return new ReplyFailed(turn.TurnId, TurnProblems.GivenUp(turn.TurnId));
                yield break;
            }
        }
    }

    /// <inheritdoc/>
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
        var request = new DeviceRequest
        {
            ConversationId = _id,
            Messages = PromptMessages.Of(system, state.Window, text, []).Messages,
            Tools = state.Head.Tools ?? [],
            Date = state.Head.BegunAt,
            Private = SpokenPrivacy.Of(text, state.Head.PrivacyWish).Covers || state.Window.Any(turn => turn.Private || turn.PrivateReply),
            Priority = TurnPriority.Voice,
        };
        var device = await _services.Devices.Pick(state.Head, new Turn { TurnId = "listen", Text = text, Priority = TurnPriority.Voice }, cancellationToken);

        // A reply that may call is not begun ahead: nobody could adopt it.
        // An empty draft must stay empty: joined to words that were never answered it would look like one.
        var takenBack = request with { Messages = [new ChatMessage(ChatMessage.User, "")] };
        await device.Listen(text.Length > 0 ? request : takenBack, draft.Speculate && request.Tools.Count == 0, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ConversationPage?> Read(long after, int limit, CancellationToken cancellationToken = default)
    {
        ThrowIfInvalid(limit is < 1 or > Limits.MaxPage ? [$"limit is {limit}; it must be from 1 to {Limits.MaxPage}."] : []);
        var version = _gate.Version;
        var running = _gate.Current?.TurnId;
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

        return PageOf(head, next is null ? turns : turns[..limit], next);
    }

    /// <summary>A page of what is on record.</summary>
    public static ConversationPage PageOf(ConversationHead head, IReadOnlyList<TurnRecord> turns, long? next) => new(head.Id, head.System, turns, next)
    {
        Tools = head.Tools,
        OpenCalls = head.OpenCalls,
        TurnCount = head.Turns,
        LastSequence = head.LastSequence,
        Note = head.Note,
        BegunAt = head.BegunAt,
        WindowAfter = head.WindowAfter,
        Kv = head.Kv is { } kv ? new KvPlace(kv.DeviceId, kv.Tokens) : null,
    };

    /// <summary>
    /// Ends a running turn so that it can be sent again, and returns when that is stored. For a host that goes down; it must let no new turn in before.
    /// </summary>
    public async Task Stop(CancellationToken cancellationToken = default)
    {
        while (_gate.Current is { } run)
        {
            run.RequestStop(new StopRequest(StopReason.Stopping));
            await run.Settled.WaitAsync(cancellationToken);
        }
    }

    /// <summary>A turn that is on record as running and runs nowhere, since its host died or could not store its end, as it is shown.</summary>
    public static TurnRecord CutOff(TurnRecord turn) => turn with
    {
        State = TurnState.Interrupted,
        Repeatable = turn.ToolCalls is null,
        FinishReason = turn.ToolCalls is null ? FinishReason.Interrupted : FinishReason.ToolCalls,
    };

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
        if (!await _gate.TryEnter(operation, cancellationToken))
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

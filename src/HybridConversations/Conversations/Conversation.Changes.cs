using HybridConversations.Routing;
using HybridConversations.Storage;

namespace HybridConversations.Conversations;

/// <content>What is on record besides the turns that are said here, and what is taken off it.</content>
public sealed partial class Conversation
{
    /// <inheritdoc/>
    public async Task<TurnRecord?> Find(string turnId, CancellationToken cancellationToken = default)
    {
        var version = _gate.Version;
        var running = _gate.Current?.TurnId;
        var turn = await _log.FindTurn(turnId, cancellationToken);
        return turn is { State: TurnState.Running } && turn.TurnId != running && _gate.Version == version ? CutOff(turn) : turn;
    }

    /// <inheritdoc/>
    public async Task<bool> Change(ConversationChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        ThrowIfInvalid(ChangeRules.Check(change));
        var operation = new object();
        if (!await _gate.TryEnter(operation, cancellationToken))
        {
            throw new ProblemException(ProblemCodes.Busy(_gate.Current?.TurnId ?? ""));
        }

        try
        {
            var state = await State(cancellationToken);
            var exists = await _log.ReadHead(cancellationToken) is not null;
            _state = null; // whatever happens: the next turn reads what there is
            return change switch
            {
                BeginConversation begin => !exists && await Begin(begin),
                _ when !exists => false,
                ChangeNote note => await Write(state.Head with { Note = note.Note }),
                AddMessages add => await Add(state, add, cancellationToken),
                EraseTurn erase => await Erase(state, erase, cancellationToken),
                JudgeTurn judge => await Judge(state, judge, cancellationToken),
                _ => throw new ProblemException(ProblemCodes.InvalidRequest($"A change of the kind {change.GetType().Name} is not known here.")),
            };
        }
        finally
        {
            _gate.Leave(operation);
        }
    }

    private async Task<bool> Begin(BeginConversation begin)
    {
        var now = _services.Time.GetUtcNow();
        var turns = begin.Turns.Select((turn, index) => turn with { Sequence = index + 1 }).ToList();
        var head = new ConversationHead
        {
            Id = _id,
            System = begin.System,
            Note = begin.Note,
            Turns = turns.Count,
            LastSequence = turns.Count,
            OpenCalls = OpenCallsOf(turns),
            PrivacyWish = WishBehind(turns),
            UpdatedAt = now,
            BegunAt = begin.BegunAt ?? now,
        };
        await _store.Begin(turns, head);
        return true;
    }

    private async Task<bool> Write(ConversationHead head)
    {
        await _store.WriteHead(head with { UpdatedAt = _services.Time.GetUtcNow() });
        return true;
    }

    private async Task<bool> Add(ConversationState state, AddMessages add, CancellationToken cancellationToken)
    {
        if (await _log.FindTurn(add.TurnId, cancellationToken) is not null)
        {
            return true;
        }

        var now = _services.Time.GetUtcNow();
        var sequence = state.Head.LastSequence + 1;
        var privacy = EarlierMessages.Privacy(add.Messages, state.Head.PrivacyWish);
        var turn = new TurnRecord
        {
            Sequence = sequence,
            TurnId = add.TurnId,
            User = "",
            Earlier = add.Messages,
            State = TurnState.Completed,
            Private = add.Private || privacy.Covers,
            StartedAt = now,
            EndedAt = now,
        };
        await _store.Append(turn, state.Head with
        {
            Turns = state.Head.Turns + 1,
            LastSequence = sequence,
            PrivacyWish = privacy.Wish,
            WindowAfter = state.WindowAfter(sequence, _services.Options, keepsLast: false),
            UpdatedAt = now,
            BegunAt = state.Head.BegunAt ?? now,
        });
        return true;
    }

    private async Task<bool> Erase(ConversationState state, EraseTurn erase, CancellationToken cancellationToken)
    {
        if (await _log.FindTurn(erase.TurnId, cancellationToken) is not { } turn || Erasure.Of(turn, erase) is not { } rest)
        {
            return false;
        }

        var head = state.Head with
        {
            OpenCalls = state.Head.OpenCalls?.Where(open => open.TurnId != turn.TurnId || rest.ToolCalls?.Contains(open.Call) is true).ToList() is { Count: > 0 } open ? open : null,
            UpdatedAt = _services.Time.GetUtcNow(),
        };

        // Its tokens lie in KV states until devices have forgotten them; that they must goes on record first.
        var devices = await _services.Memories.Owe(head);
        await _store.Rewrite(rest, head);
        await _services.Memories.Settle(_id, devices);
        return true;
    }

    private async Task<bool> Judge(ConversationState state, JudgeTurn judge, CancellationToken cancellationToken)
    {
        if (await _log.FindTurn(judge.TurnId, cancellationToken) is not { IsErased: false, Route: not null } turn)
        {
            return false;
        }

        if (turn.Feedback != judge.Feedback)
        {
            await _store.Rewrite(turn with { Feedback = judge.Feedback }, state.Head with { UpdatedAt = _services.Time.GetUtcNow() });
        }

        return true;
    }

    private static List<OpenCall>? OpenCallsOf(IEnumerable<TurnRecord> turns)
    {
        var open = new List<OpenCall>();
        foreach (var turn in turns)
        {
            open.RemoveAll(call => turn.ToolResults?.Any(result => result.CallId == call.Call.CallId) is true);
            open.AddRange((turn.ToolCalls ?? []).Select(call => new OpenCall(call, turn.TurnId, turn.Route ?? RouteTarget.Local, turn.Private || turn.PrivateReply)));
        }

        return open.Count == 0 ? null : open[^Math.Min(open.Count, Limits.MaxOpenCalls)..];
    }

    /// <summary>The wish that holds behind these turns. One that was spoken before the first of them shows only in their being private; it holds until it is lifted.</summary>
    private static string? WishBehind(IReadOnlyList<TurnRecord> turns)
    {
        string? wish = turns is [{ Private: true }, ..] ? "what was said before" : null;
        foreach (var turn in turns)
        {
            wish = SpokenPrivacy.Of(turn.User, EarlierMessages.Privacy(turn.Earlier ?? [], wish).Wish).Wish;
        }

        return wish ?? (turns is [.., { Private: true }] ? "what was said before" : null);
    }
}

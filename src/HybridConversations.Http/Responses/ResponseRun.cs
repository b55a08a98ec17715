using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using HybridConversations.Conversations;
using HybridConversations.Http.Items;
using HybridConversations.Http.Streaming;

namespace HybridConversations.Http.Responses;

/// <summary>One response from its first event to its last, for a stream, a whole answer and a WebSocket alike.</summary>
/// <param name="actors">Who answers.</param>
/// <param name="limits">How long to wait before a sign of life.</param>
/// <param name="time">The clock.</param>
/// <param name="thread">The newest response of the connection that was not stored; null for none.</param>
internal sealed class ResponseRun(IActors actors, HttpLimits limits, TimeProvider time, PassingThread? thread = null)
{
    private volatile IReplySource? _source;
    private volatile bool _isTold;

    /// <summary>Its last event is on its way: whoever has it may ask for the next response, although this one is still letting go of its conversation.</summary>
    public bool IsTold
    {
        get => _isTold;
        set => _isTold = value;
    }

    /// <summary>Its id once that is known, where it is stored.</summary>
    public ResponseId? Stored => (_source as StoredReply)?.Id;

    /// <summary>What the connection needs to go on from it, where it was not stored; else what there was.</summary>
    public PassingThread? Thread => _source is PassingReply passing ? passing.Thread : thread;

    /// <summary>A barge-in. False where only cancelling ends it.</summary>
    public Task<bool> Interrupt(string? heard) => _source?.Interrupt(heard) ?? Task.FromResult(false);

    /// <summary>
    /// Yields the events in order, each with its <c>sequence_number</c>; null where nothing happened for a heartbeat. The first one comes when the turn is on record.
    /// Ends with <c>response.completed</c>, <c>response.incomplete</c> or <c>response.failed</c>; what is refused before the first event is thrown.
    /// </summary>
    /// <param name="request">What is asked.</param>
    /// <param name="stop">Ends it where a barge-in cannot: the response ends as incomplete with what was sent.</param>
    /// <param name="cancellationToken">The caller has left.</param>
    /// <exception cref="ProblemException"><c>previous_response_not_found</c>, or it is refused.</exception>
    public async IAsyncEnumerable<JsonObject?> Events(ResponseRequest request, CancellationToken stop, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var source = _source = await Open(request, cancellationToken);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stop, cancellationToken);
        await using var events = new PatientEnumerator<ReplyEvent>(source.Events, time, stopping.Token);
        var window = request.Turn.DeadlineMs is null ? limits.RefusalWindow : limits.DeadlineRefusalWindow;
        ReplyRouted? routed = null;
        Arrival arrival;
        Problem? failure;
        while (true)
        {
            (arrival, failure) = await Next(events, routed is null ? limits.Heartbeat : window, stop, cancellationToken);
            if (failure is not null || (arrival == Arrival.Item && events.Current is ReplyFailed))
            {
                throw new ProblemException(failure ?? ((ReplyFailed)events.Current).Problem);
            }

            if (arrival == Arrival.Item && routed is null && events.Current is ReplyRouted first)
            {
                routed = first; // a refusal at the device's door can still be told as what it is
                continue;
            }

            if (arrival == Arrival.NothingYet && routed is null)
            {
                yield return null;
                continue;
            }

            break;
        }

        var number = 0;
        var document = new ResponseDocument(source.Id, source.Frame);
        if (routed is not null)
        {
            document.Hybrid = ResponseDocument.Route(routed.Target, routed.Reason, routed.Policy, routed.Score);
        }

        yield return Numbered(new JsonObject { ["type"] = "response.created", ["response"] = document.At("in_progress") });
        yield return Numbered(new JsonObject { ["type"] = "response.in_progress", ["response"] = document.At("in_progress") });
        var items = new OutputItems(document);
        ReplyCompleted? completed = null;
        if (arrival == Arrival.NothingYet)
        {
            (arrival, failure) = await Next(events, limits.Heartbeat, stop, cancellationToken);
        }

        while (arrival != Arrival.End && failure is null)
        {
            if (arrival == Arrival.NothingYet)
            {
                yield return null;
            }
            else
            {
                completed = events.Current as ReplyCompleted;
                failure = (events.Current as ReplyFailed)?.Problem;
                if (events.Current is ReplyRouted again)
                {
                    document.Hybrid = ResponseDocument.Route(again.Target, again.Reason, again.Policy, again.Score);
                }

                foreach (var e in items.Take(events.Current))
                {
                    yield return Numbered(e);
                }

                if (completed is not null || failure is not null)
                {
                    break;
                }
            }

            (arrival, failure) = await Next(events, limits.Heartbeat, stop, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        foreach (var e in items.Close(whole: completed is { FinishReason: FinishReason.Stop or FinishReason.ToolCalls }))
        {
            yield return Numbered(e);
        }

        IsTold = true;
        yield return Numbered(End(document, completed, failure));

        JsonObject Numbered(JsonObject e)
        {
            e["sequence_number"] = number++;
            return e;
        }
    }

    private async Task<IReplySource> Open(ResponseRequest request, CancellationToken cancellationToken)
    {
        var messages = await Resolve(request.Input, cancellationToken);
        var isThread = thread is not null && thread.Id == request.PreviousId;
        if (isThread)
        {
            messages = [.. thread!.Messages, .. messages];
        }

        if (messages.TrueForAll(EarlierMessages.IsBlank) && string.IsNullOrEmpty(request.Turn.Instructions))
        {
            throw new ProblemException(ProblemCodes.InvalidRequest("input: is missing: what shall be answered?"));
        }

        var status = await actors.Device.Status(cancellationToken);
        var frame = ResponseDocument.Frame(request, status.Model.Name, time.GetUtcNow());
        if (request.Store)
        {
            return new StoredReply(actors.Conversations, request, messages, isAlone: isThread || request.PreviousId is null, frame);
        }

        return new PassingReply(actors.Device, request, isThread ? messages : [.. await Before(request, cancellationToken), .. messages], frame);
    }

    /// <summary>What a response that is not stored goes on from, where that is.</summary>
    private async Task<IReadOnlyList<ChatMessage>> Before(ResponseRequest request, CancellationToken cancellationToken)
    {
        if (request.PreviousId is not { } previous)
        {
            return [];
        }

        var id = ResponseId.TryParse(previous, out var known) ? known : throw new ProblemException(ResponseProblems.PreviousNotFound(previous));
        var prefix = await RecordedPrefix.UpTo(actors.Conversations, id, cancellationToken);
        IReadOnlyList<ChatMessage> system = prefix.System is { Length: > 0 } text ? [new ChatMessage(ChatMessage.System, text)] : [];
        return [.. system, .. prefix.Messages(id.ConversationId)];
    }

    private async Task<List<ChatMessage>> Resolve(IReadOnlyList<InputItem> input, CancellationToken cancellationToken)
    {
        var messages = new List<ChatMessage>(input.Count);
        foreach (var item in input)
        {
            messages.Add(item.Message ?? await Find(item.Reference!.Value, cancellationToken));
        }

        return messages;
    }

    private async Task<ChatMessage> Find(ItemId id, CancellationToken cancellationToken)
    {
        var turn = await actors.Conversations.Find(id.Response, cancellationToken);
        return turn is null ? throw new ProblemException(ResponseProblems.NoItem(id.With("item")))
            : id.Place == ItemPlace.Reasoning ? new ChatMessage(ChatMessage.Assistant, "") // thoughts are no part of later prompts
            : RecordedItem.Of(id.Response.ConversationId, turn).FirstOrDefault(item => item.Id == id)?.Message ?? throw new ProblemException(ResponseProblems.NoItem(id.With("item")));
    }

    private JsonObject End(ResponseDocument document, ReplyCompleted? completed, Problem? failure) => (completed, failure) switch
    {
        (_, { } problem) => new JsonObject { ["type"] = "response.failed", ["response"] = document.At("failed", error: problem) },
        (null or { FinishReason: FinishReason.Interrupted }, _) => Incomplete(document, completed, "cancelled"),
        ({ FinishReason: FinishReason.Length }, _) => Incomplete(document, completed, "max_output_tokens"),
        ({ FinishReason: FinishReason.Cut }, _) => Incomplete(document, completed, "cut"),
        _ => new JsonObject { ["type"] = "response.completed", ["response"] = document.At("completed", completed.Usage, ended: time.GetUtcNow()) },
    };

    private static JsonObject Incomplete(ResponseDocument document, ReplyCompleted? completed, string reason) =>
        new() { ["type"] = "response.incomplete", ["response"] = document.At("incomplete", completed?.Usage, reason) };

    /// <summary>The next arrival; <see cref="Arrival.End"/> where <paramref name="stop"/> ended it; a failure where it broke off.</summary>
    private static async ValueTask<(Arrival Arrival, Problem? Failure)> Next(PatientEnumerator<ReplyEvent> events, TimeSpan patience, CancellationToken stop, CancellationToken cancellationToken)
    {
        try
        {
            return (await events.Next(patience), null);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return (Arrival.End, null);
        }
        catch (ProblemException known)
        {
            return (Arrival.End, known.Problem);
        }
    }
}

using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using HybridConversations.Http.Streaming;

namespace HybridConversations.Http.Responses;

/// <summary>One response from its first event to its last, for a stream, a whole answer and a WebSocket alike.</summary>
internal sealed class ResponseRun(IDevice device, ResponseStore store, HttpLimits limits, TimeProvider time)
{
    /// <summary>What the listener heard of it, where a barge-in says so; null: everything that was sent.</summary>
    public string? Heard { get; set; }

    /// <summary>
    /// Yields the events in order, each with its <c>sequence_number</c>; null where nothing happened for a heartbeat. Ends with <c>response.completed</c>,
    /// <c>response.incomplete</c> or <c>response.failed</c>; what the device refuses before its first event is thrown.
    /// </summary>
    /// <param name="request">What is asked.</param>
    /// <param name="stop">A barge-in: the device is freed within a step, and the response ends as incomplete with what was sent.</param>
    /// <param name="cancellationToken">The caller has left.</param>
    /// <exception cref="ProblemException"><c>previous_response_not_found</c>, or the device refuses.</exception>
    public async IAsyncEnumerable<JsonObject?> Events(ResponseRequest request, CancellationToken stop, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        IReadOnlyList<ChatMessage> before = [];
        if (request.PreviousId is { } previous)
        {
            before = store.TryGet(previous, out var found) ? found.Messages : throw new ProblemException(ResponseProblems.PreviousNotFound(previous));
        }

        List<ChatMessage> said = [.. before, .. request.Input];
        if (said.Count == 0 && string.IsNullOrEmpty(request.Instructions))
        {
            throw new ProblemException(ProblemCodes.InvalidRequest("input: is missing: what shall be answered?"));
        }

        var status = await device.Status(cancellationToken);
        var document = new ResponseDocument($"resp_{Guid.CreateVersion7():N}", status.Model.Name, time.GetUtcNow(), request);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stop, cancellationToken);
        var prompt = request.Device with { Messages = string.IsNullOrEmpty(request.Instructions) ? said : [new ChatMessage(ChatMessage.System, request.Instructions), .. said] };
        await using var events = new PatientEnumerator<DeviceEvent>(token => device.Generate(prompt, token), time, stopping.Token);
        var (arrival, failure) = await Next(events, stop, cancellationToken);
        if (failure is not null)
        {
            throw new ProblemException(failure);
        }

        var number = 0;
        var items = new OutputItems(document.Output);
        yield return Numbered(new JsonObject { ["type"] = "response.created", ["response"] = document.At("in_progress") });
        yield return Numbered(new JsonObject { ["type"] = "response.in_progress", ["response"] = document.At("in_progress") });
        DeviceFinished? finished = null;
        while (failure is null && finished is null && arrival != Arrival.End)
        {
            if (arrival == Arrival.NothingYet)
            {
                yield return null;
            }
            else if (events.Current is DeviceFinished last)
            {
                finished = last;
                break;
            }
            else
            {
                foreach (var e in items.Take(events.Current))
                {
                    yield return Numbered(e);
                }
            }

            (arrival, failure) = await Next(events, stop, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        foreach (var e in items.Close(whole: finished is not null and not { FinishReason: FinishReason.Length }))
        {
            yield return Numbered(e);
        }

        var end = End(document, finished, failure);
        if (request.Store && failure is null)
        {
            var text = finished is null ? Heard ?? items.Spoken.ToString() : items.Spoken.ToString();
            var reply = new ChatMessage(ChatMessage.Assistant, text) { ToolCalls = items.Calls };
            store.Add(new StoredResponse(document.Id, text.Length == 0 && items.Calls.Count == 0 ? said : [.. said, reply], request.InputItems, (JsonObject)end["response"]!.DeepClone()));
        }

        yield return Numbered(end);

        JsonObject Numbered(JsonObject e)
        {
            e["sequence_number"] = number++;
            return e;
        }
    }

    private static JsonObject End(ResponseDocument document, DeviceFinished? finished, Problem? failure) => (finished, failure) switch
    {
        (_, { } problem) => new JsonObject { ["type"] = "response.failed", ["response"] = document.At("failed", error: problem) },
        (null, _) => new JsonObject { ["type"] = "response.incomplete", ["response"] = document.At("incomplete", incomplete: "cancelled") },
        ({ FinishReason: FinishReason.Length }, _) => new JsonObject { ["type"] = "response.incomplete", ["response"] = document.At("incomplete", finished.Usage, incomplete: "max_output_tokens") },
        _ => new JsonObject { ["type"] = "response.completed", ["response"] = document.At("completed", finished.Usage) },
    };

    /// <summary>The next arrival; <see cref="Arrival.End"/> after a barge-in; a failure where the device broke off.</summary>
    private async ValueTask<(Arrival Arrival, Problem? Failure)> Next(PatientEnumerator<DeviceEvent> events, CancellationToken stop, CancellationToken cancellationToken)
    {
        try
        {
            return (await events.Next(limits.Heartbeat), null);
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

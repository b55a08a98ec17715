using System.Text.Json;
using HybridConversations.Http.Problems;
using HybridConversations.Http.Requests;
using HybridConversations.Http.Streaming;

namespace HybridConversations.Http.Ollama;

/// <summary>Answers <c>/api/chat</c> and <c>/api/generate</c> from the device; nothing is stored.</summary>
internal sealed class OllamaGeneration(OpenTurns openTurns, HttpLimits limits, UnknownMembers unknown, TimeProvider time, BrokenReplies broken)
{
    public async Task Handle(HttpContext context, IDevice device, Func<JsonElement, UnknownMembers, OllamaRequest> read, bool chat)
    {
        using var body = await RequestBody.Read(context, limits);
        var request = read(body.RootElement, unknown);
        using var open = openTurns.Enter(context.RequestAborted);
        var status = await device.Status(open.Token);
        var answer = new OllamaAnswer(OllamaModels.NameOf(status.Model), time, chat);
        if (request.Device is null)
        {
            await JsonAnswer.Write(context, answer.Nothing(request.Unload ? "unload" : "load"), OllamaJson.Answers.OllamaReply);
            return;
        }

        await using var events = new PatientEnumerator<DeviceEvent>(stop => device.Generate(request.Device, stop), time, open.Token);
        if (!request.Stream)
        {
            await JsonAnswer.Write(context, await Whole(events, answer), OllamaJson.Answers.OllamaReply);
            return;
        }

        await Stream(context, events, answer, open);
    }

    private async Task<OllamaReply> Whole(PatientEnumerator<DeviceEvent> events, OllamaAnswer answer)
    {
        while (true)
        {
            if (await events.Next(limits.Heartbeat) is Arrival.End)
            {
                throw new InvalidOperationException("The device ended a generation without saying that it had finished.");
            }

            if (events.Current is DeviceFinished finished)
            {
                return answer.Whole(finished);
            }

            _ = answer.Next(events.Current);
        }
    }

    private async Task Stream(HttpContext context, PatientEnumerator<DeviceEvent> events, OllamaAnswer answer, OpenTurn open)
    {
        // A device that refuses does so before its first event: that becomes an HTTP status.
        var arrival = await events.Next(limits.Heartbeat);
        using var lines = new JsonLines(context.Response);
        lines.Start();
        try
        {
            while (true)
            {
                switch (arrival)
                {
                    case Arrival.End:
                        throw new InvalidOperationException("The device ended a generation without saying that it had finished.");
                    case Arrival.Item when events.Current is DeviceFinished finished:
                        await lines.Write(answer.Last(finished), OllamaJson.Answers.OllamaReply, open.Token);
                        return;
                    case Arrival.Item when answer.Next(events.Current) is { } line:
                        await lines.Write(line, OllamaJson.Answers.OllamaReply, open.Token);
                        break;
                }

                arrival = await events.Next(limits.Heartbeat);
            }
        }
        catch (Exception exception) when (context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            await lines.Write(new OllamaError(broken.Explain(exception, context.TraceIdentifier, open.EndedByServer).Detail), ErrorJson.Answers.OllamaError, context.RequestAborted);
        }
    }
}

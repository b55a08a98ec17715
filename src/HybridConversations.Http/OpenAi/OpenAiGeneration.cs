using HybridConversations.Http.Problems;
using HybridConversations.Http.Streaming;

namespace HybridConversations.Http.OpenAi;

/// <summary>Answers chat and text completions straight from the device; nothing is stored.</summary>
internal sealed class OpenAiGeneration(OpenTurns openTurns, HttpLimits limits, TimeProvider time, BrokenReplies broken)
{
    public async Task Handle(HttpContext context, IDevice device, OpenAiRequest request, Func<DeviceStatus, OpenAiAnswer> answerOf)
    {
        using var open = openTurns.Enter(context.RequestAborted);
        var answer = answerOf(await device.Status(open.Token));
        try
        {
            await using var events = new PatientEnumerator<(int, DeviceEvent)>(stop => Replies.Generate(device, request.Replies, stop), time, open.Token);
            if (request.Stream)
            {
                await Stream(context, events, answer, request.IncludeUsage, open);
                return;
            }

            while (!await Take(await events.Next(limits.Heartbeat), events, answer, stream: null, open.Token))
            {
                // Gathered until it is whole.
            }

            await answer.WriteWhole(context);
        }
        catch (OperationCanceledException) when (open.EndedByServer && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            await ProblemAnswer.Write(context, ProblemCodes.Ending(5000));
        }
    }

    private async Task Stream(HttpContext context, PatientEnumerator<(int, DeviceEvent)> events, OpenAiAnswer answer, bool includeUsage, OpenTurn open)
    {
        // A device that refuses does so before its first event: that becomes an HTTP status.
        var arrival = await events.Next(limits.Heartbeat);
        using var stream = new EventStream(context.Response);
        stream.Start();
        try
        {
            while (!await Take(arrival, events, answer, stream, open.Token))
            {
                arrival = await events.Next(limits.Heartbeat);
            }

            if (includeUsage)
            {
                await answer.WriteUsage(stream, open.Token);
            }

            await stream.WriteDone(open.Token);
        }
        catch (Exception exception) when (context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            // OpenAI's clients raise an error for such a chunk; the stream then ends without [DONE].
            var problem = broken.Explain(exception, context.TraceIdentifier, open.EndedByServer);
            await stream.Write(null, OpenAiErrorDocument.Of(problem), ErrorJson.Answers.OpenAiErrorDocument, context.RequestAborted);
        }
    }

    /// <returns>True after the last event.</returns>
    private static async ValueTask<bool> Take(Arrival arrival, PatientEnumerator<(int Reply, DeviceEvent Event)> events, OpenAiAnswer answer, EventStream? stream, CancellationToken cancellationToken)
    {
        switch (arrival)
        {
            case Arrival.Item:
                await answer.Take(events.Current.Reply, events.Current.Event, stream, cancellationToken);
                return answer.IsWhole;
            case Arrival.NothingYet:
                await (stream?.KeepAlive(cancellationToken) ?? ValueTask.CompletedTask);
                return false;
            default:
                throw new InvalidOperationException("The device ended a generation without saying that it had finished.");
        }
    }
}

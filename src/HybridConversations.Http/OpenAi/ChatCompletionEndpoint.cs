using HybridConversations.Http.Problems;
using HybridConversations.Http.Requests;
using HybridConversations.Http.Streaming;

namespace HybridConversations.Http.OpenAi;

/// <summary><c>POST /v1/chat/completions</c>: OpenAI's format, straight to the device; nothing is stored.</summary>
internal sealed partial class ChatCompletionEndpoint(
    OpenTurns openTurns, HttpLimits limits, UnknownMembers unknown, TimeProvider time, ILogger<ChatCompletionEndpoint> logger)
{
    public async Task Handle(HttpContext context, IDevice device)
    {
        using var body = await RequestBody.Read(context, limits);
        var request = ChatCompletionReader.Read(body.RootElement, unknown);
        using var open = openTurns.Enter(context.RequestAborted);
        var answer = await NewAnswer(device, open.Token);
        try
        {
            await using var events = new PatientEnumerator<DeviceEvent>(stop => device.Generate(request.Device, stop), time, open.Token);
            if (request.Stream)
            {
                await Stream(context, events, answer, request.IncludeUsage, open);
            }
            else
            {
                await AnswerWhole(context, events, answer);
            }
        }
        catch (OperationCanceledException) when (open.EndedByServer && !context.RequestAborted.IsCancellationRequested)
        {
            await ProblemAnswer.Write(context, ProblemCodes.Ending(5000));
        }
    }

    private async Task<ChatAnswerWriter> NewAnswer(IDevice device, CancellationToken cancellationToken)
    {
        var status = await device.Status(cancellationToken);
        return new ChatAnswerWriter($"chatcmpl-{Guid.CreateVersion7():N}", time.GetUtcNow().ToUnixTimeSeconds(), status.Model.Name, $"fp_{Short(status.Model.Hash)}");
    }

    private async Task AnswerWhole(HttpContext context, PatientEnumerator<DeviceEvent> events, ChatAnswerWriter answer)
    {
        var parts = new ChatAnswerParts();
        while (true)
        {
            var arrival = await events.Next(limits.Heartbeat);
            switch (arrival == Arrival.Item ? events.Current : null)
            {
                case DeviceFinished finished:
                    await JsonAnswer.Write(context, answer.Whole(parts, finished), OpenAiJson.Answers.ChatCompletion);
                    return;
                case { } piece:
                    parts.Add(piece);
                    break;
                case null when arrival == Arrival.End:
                    throw new InvalidOperationException("The device ended a generation without saying that it had finished.");
            }
        }
    }

    private async Task Stream(HttpContext context, PatientEnumerator<DeviceEvent> events, ChatAnswerWriter answer, bool includeUsage, OpenTurn open)
    {
        // A device that refuses does so before its first event: that becomes an HTTP status.
        var arrival = await events.Next(limits.Heartbeat);
        using var stream = new EventStream(context.Response);
        stream.Start();
        try
        {
            while (!await Write(stream, arrival, events, answer, includeUsage, open.Token))
            {
                arrival = await events.Next(limits.Heartbeat);
            }
        }
        catch (Exception exception) when (context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            // OpenAI's clients raise an error for such a chunk; the stream then ends without [DONE].
            await stream.Write(null, OpenAiErrorDocument.Of(Explain(context, exception, open)), ErrorJson.Answers.OpenAiErrorDocument, context.RequestAborted);
        }
    }

    /// <returns>True after the last chunk.</returns>
    private static async ValueTask<bool> Write(
        EventStream stream, Arrival arrival, PatientEnumerator<DeviceEvent> events, ChatAnswerWriter answer, bool includeUsage, CancellationToken cancellationToken)
    {
        var json = OpenAiJson.Answers.ChatCompletionChunk;
        switch (arrival == Arrival.Item ? events.Current : null)
        {
            case DeviceFinished finished:
                await stream.Write(null, answer.Last(finished), json, cancellationToken);
                if (includeUsage)
                {
                    await stream.Write(null, answer.Usage(finished), json, cancellationToken);
                }

                await stream.WriteDone(cancellationToken);
                return true;
            case { } piece:
                if (answer.Piece(piece) is { } chunk)
                {
                    await stream.Write(null, chunk, json, cancellationToken);
                }

                return false;
            case null when arrival == Arrival.NothingYet:
                await stream.KeepAlive(cancellationToken);
                return false;
            default:
                throw new InvalidOperationException("The device ended a generation without saying that it had finished.");
        }
    }

    private Problem Explain(HttpContext context, Exception exception, OpenTurn open)
    {
        switch (exception)
        {
            case ProblemException known:
                return known.Problem;
            case OperationCanceledException when open.EndedByServer:
                return ProblemCodes.Ending(5000);
            default:
                LogFault(exception, context.TraceIdentifier);
                return HttpProblems.Fault(context.TraceIdentifier);
        }
    }

    private static string Short(string hash) => hash.Length <= 12 ? hash : hash[..12];

    [LoggerMessage(1, LogLevel.Error, "A completion broke off ({TraceId}).")]
    private partial void LogFault(Exception exception, string traceId);
}

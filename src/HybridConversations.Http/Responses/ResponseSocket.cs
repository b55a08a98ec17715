using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using HybridConversations.Http.OpenAi;
using HybridConversations.Http.Problems;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.Responses;

/// <summary>
/// The Responses API over a WebSocket: each turn is a <c>response.create</c> with the body of the POST, the events are those of the stream, <c>response.cancel</c> is a barge-in.
/// One response at a time runs on a connection. A client that leaves frees the device.
/// </summary>
internal sealed partial class ResponseSocket(OpenTurns openTurns, HttpLimits limits, UnknownMembers unknown, TimeProvider time, ILogger<ResponseSocket> logger)
{
    public async Task Handle(HttpContext context, IActors actors)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await ProblemAnswer.Write(context, new Problem(ProblemCodes.UpgradeRequired, StatusCodes.Status426UpgradeRequired,
                "Open a WebSocket here and send response.create, or POST the same body to this address."));
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var left = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, openTurns.Ending);
        var connection = new ResponseConnection(socket, left.Token);
        try
        {
            while (await Receive(socket, left.Token) is { } message)
            {
                using (message)
                {
                    await Take(connection, actors, message.RootElement);
                }
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException)
        {
            // The client has left, or the server ends.
        }
        finally
        {
            await left.CancelAsync();
            await connection.DisposeAsync();
            await Close(socket);
        }
    }

    private async Task Take(ResponseConnection connection, IActors actors, JsonElement message)
    {
        try
        {
            var type = message.TryGetProperty("type", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            switch (type)
            {
                case "response.create":
                    // Older drafts of the protocol wrap the body.
                    var body = message.TryGetProperty("response", out var wrapped) && wrapped.ValueKind == JsonValueKind.Object ? wrapped : message;
                    var request = ResponseReader.Read(body, unknown);
                    if (request.Background)
                    {
                        throw new ProblemException(ProblemCodes.InvalidRequest("background: is for HTTP; over a WebSocket read the events."));
                    }

                    if (!await connection.TryBegin((run, stop, cancellationToken) => Answer(connection, run, request, stop, cancellationToken), () => new ResponseRun(actors, limits, time, connection.Thread)))
                    {
                        throw new ProblemException(ResponseProblems.Busy);
                    }

                    break;
                case "response.cancel":
                    var members = new JsonMembers(message);
                    var heard = members.Text("heard", 0, Limits.MaxTurnCharacters);
                    members.ThrowIfWrong();
                    if (!await connection.Interrupt(heard) && heard is not null && connection.Last is { } last)
                    {
                        // Speech is heard later than it is made: the last reply may be whole when its listener interrupts.
                        await actors.Conversations.Get(last.ConversationId).InterruptTurn(last.TurnId, heard, CancellationToken.None);
                    }

                    break;
                default:
                    throw new ProblemException(ProblemCodes.InvalidRequest("type: must be \"response.create\" or \"response.cancel\"."));
            }
        }
        catch (Exception error) when (error is ProblemException or RequestProblemException)
        {
            await connection.Send(Error(error));
        }
    }

    private async Task Answer(ResponseConnection connection, ResponseRun run, ResponseRequest request, CancellationToken stop, CancellationToken cancellationToken)
    {
        try
        {
            using var open = openTurns.Enter(cancellationToken);
            await foreach (var e in run.Events(request, stop, open.Token))
            {
                if (e is not null)
                {
                    await connection.Send(e);
                }
            }
        }
        catch (Exception error) when (error is WebSocketException || cancellationToken.IsCancellationRequested)
        {
            // Nobody is there to be told.
        }
        catch (Exception error)
        {
            if (error is not ProblemException)
            {
                LogFault(error);
            }

            run.IsTold = true;
            await connection.Send(Error(error));
        }
    }

    /// <returns>Null when the client closed.</returns>
    private async Task<JsonDocument?> Receive(WebSocket socket, CancellationToken cancellationToken)
    {
        var message = new ArrayBufferWriter<byte>(4096);
        while (true)
        {
            var part = await socket.ReceiveAsync(message.GetMemory(4096), cancellationToken);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            message.Advance(part.Count);
            if (message.WrittenCount > limits.MaxBodyBytes)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.MessageTooBig, $"A message may have {limits.MaxBodyBytes} bytes.", cancellationToken);
                return null;
            }

            if (!part.EndOfMessage)
            {
                continue;
            }

            try
            {
                return RequestBody.Parse(message.WrittenMemory);
            }
            catch (ProblemException error)
            {
                // Told in the form of any other error; the connection stays.
                return JsonDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["type"] = error.Problem.Detail }, OpenAiJson.Answers.JsonObject));
            }
        }
    }

    private static JsonObject Error(Exception error)
    {
        var problem = error switch
        {
            RequestProblemException request => request.Problem,
            ProblemException known => known.Problem,
            _ => HttpProblems.Fault("websocket"),
        };
        return new JsonObject
        {
            ["type"] = "error",
            ["status"] = problem.Status,
            ["error"] = JsonSerializer.SerializeToNode(OpenAiErrorDocument.Of(problem, (error as RequestProblemException)?.Errors.Keys.FirstOrDefault()).Error, ErrorJson.Answers.OpenAiError),
        };
    }

    private static async Task Close(WebSocket socket)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
        {
            return;
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException)
        {
            // It is gone already.
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A response broke off.")]
    private partial void LogFault(Exception exception);
}

using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace HybridConversations.Bench.Tests.Peer;

/// <summary>One conversation of the peer. Its history and KV outlive the process where the peer has a folder.</summary>
internal sealed class PeerConversation
{
    private readonly PeerServer _server;
    private readonly string? _file;
    private readonly List<(string Role, string Text)> _history = [];
    private TaskCompletionSource<string>? _interrupted;
    private int _readAgain;

    public PeerConversation(PeerServer server, string id)
    {
        _server = server;
        _file = server.Options.Folder is { } folder ? Path.Combine(folder, id + ".json") : null;
        if (_file is not null && File.Exists(_file))
        {
            foreach (var message in JsonNode.Parse(File.ReadAllText(_file))!.AsArray())
            {
                _history.Add(((string)message!["role"]!, (string)message["text"]!));
            }

            server.Cache.Hold(PeerServer.Render(_history)[..^2]);
        }
    }

    /// <summary>Reads ahead all but the last word, which may still change.</summary>
    public void Listen(string text)
    {
        var draft = PeerServer.Render([.. _history, ("user", text)]);
        _server.Cache.Hold(draft[..^3]);
    }

    public void Interrupt(string heard) => _interrupted?.TrySetResult(heard);

    public async Task Say(HttpContext http)
    {
        var body = (await JsonNode.ParseAsync(http.Request.Body))!;
        if (_history.Count == 0 && (string?)body["system"] is { } system)
        {
            _history.Add(("system", system));
        }

        _history.Add(("user", (string)body["text"]!));
        var tokens = PeerServer.Render(_history);
        var cached = Math.Max(0, _server.Cache.Find(tokens) - _readAgain);
        _readAgain = 0;
        _server.Requests.Enqueue(new PeerRequest("turn", body, tokens, cached));
        _interrupted = new TaskCompletionSource<string>();
        http.Response.ContentType = "text/event-stream";
        var reply = await Write(http, tokens, (int)body["maxTokens"]!);
        var finish = _interrupted.Task.IsCompleted ? "interrupted" : "length";
        _history.Add(("assistant", finish == "length" ? reply : await _interrupted.Task));
        _readAgain = finish == "length" ? 0 : _server.Options.ReadsAgain;
        _server.Cache.Hold([.. tokens, .. PeerServer.Words(reply)]);
        if (_file is not null)
        {
            await File.WriteAllTextAsync(_file, new JsonArray([.. _history.Select(one => new JsonObject { ["role"] = one.Role, ["text"] = one.Text })]).ToJsonString());
        }

        await Send(http, "completed", new JsonObject
        {
            ["text"] = reply,
            ["finishReason"] = finish,
            ["usage"] = new JsonObject
            {
                ["promptTokens"] = tokens.Length,
                ["completionTokens"] = PeerServer.Words(reply).Length,
                ["reusedTokens"] = cached,
                ["readTokens"] = tokens.Length - cached,
                ["reused"] = new JsonObject { ["resident"] = cached, ["parked"] = 0, ["snapshot"] = 0, ["sharedPrefix"] = 0 },
            },
        });
    }

    private async Task<string> Write(HttpContext http, string[] tokens, int length)
    {
        var reply = new StringBuilder();
        await Send(http, "routed", new JsonObject { ["target"] = "local" });
        for (var index = 0; index < length && !_interrupted!.Task.IsCompleted; index++)
        {
            if (index > 0 && _server.Options.Gap > TimeSpan.Zero)
            {
                await Task.WhenAny(_interrupted.Task, Task.Delay(_server.Options.Gap, http.RequestAborted));
            }

            var piece = PeerServer.Token(tokens.Length, index);
            reply.Append(piece);
            await Send(http, "text", new JsonObject { ["text"] = piece });
        }

        return reply.ToString();
    }

    private static async Task Send(HttpContext http, string name, JsonObject data)
    {
        await http.Response.WriteAsync($"event: {name}\ndata: {data.ToJsonString()}\n\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }
}

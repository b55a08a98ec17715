using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text.Json;
using HybridConversations.Tests.Common;

namespace HybridConversations.Http.Tests.Responses;

/// <summary>Whatever a client sends: a clear answer, never a fault, and never none.</summary>
public sealed class MutatedBodyTests
{
    private const int Bodies = 5000;
    private const int Messages = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task No_body_is_answered_by_a_fault()
    {
        await using var stored = await StoredServer.Start(new HttpLimits { OpenTurns = 1000 });
        var (previous, conversation) = await Begin(stored);
        (string Path, string Body)[] seeds =
        [
            ("/v1/responses", Seed(previous, conversation)[0]),
            ("/v1/responses", Seed(previous, conversation)[1]),
            ("/v1/responses", Seed(previous, conversation)[2]),
            ("/v1/conversations", """{"metadata":{"a":"b"},"items":[{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]}]}"""),
            ($"/v1/conversations/{conversation}", """{"metadata":{"a":"b"}}"""),
            ($"/v1/conversations/{conversation}/items", """{"items":[{"type":"message","role":"assistant","content":"hi"},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}]}"""),
            ($"/v1/responses/{previous}/cancel", """{"heard":"on"}"""),
        ];
        var faults = new ConcurrentQueue<string>();
        var statuses = new ConcurrentDictionary<int, int>();
        await Parallel.ForAsync(0, Bodies, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, cancellationToken) =>
        {
            var (path, body) = seeds[number % seeds.Length];
            var content = new ByteArrayContent(new JsonMutation(number).Of(body));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await stored.Server.Http.PostAsync(path, content, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            statuses.AddOrUpdate((int)response.StatusCode, 1, (_, count) => count + 1);
            if ((int)response.StatusCode >= 500 || text.Length == 0 || text.Contains("internal-error", StringComparison.Ordinal))
            {
                faults.Enqueue($"{number} {path}: {(int)response.StatusCode} {text[..Math.Min(text.Length, 300)]}");
            }
        });
        Assert.True(faults.IsEmpty, $"{faults.Count} faults: {string.Join('\n', faults.Take(5))}");
        Assert.True(statuses[200] > 100 && statuses[400] > 100, string.Join(", ", statuses));
        Assert.Equal("completed", (await stored.Post("/v1/responses", """{"input":"still there?"}""")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task No_message_over_a_web_socket_is_left_without_an_answer()
    {
        await using var stored = await StoredServer.Start();
        var (previous, conversation) = await Begin(stored);
        var seeds = Seed(previous, conversation);
        ClientWebSocket? socket = null;
        var answers = new Dictionary<string, int>();
        for (var number = 0; number < Messages; number++)
        {
            if (socket is not { State: WebSocketState.Open })
            {
                socket?.Dispose();
                socket = new ClientWebSocket();
                await socket.ConnectAsync(new UriBuilder(new Uri(stored.Server.Address, "/v1/responses")) { Scheme = "ws" }.Uri, CancellationToken.None).WaitAsync(Patience);
            }

            var seed = seeds[number % seeds.Length].Insert(1, "\"type\":\"response.create\",");
            await socket.SendAsync(new JsonMutation(number).Of(seed), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).WaitAsync(Patience);
            var last = await AnswerOrEnd(socket);
            answers[last] = answers.GetValueOrDefault(last) + 1;
        }

        socket?.Dispose();
        Assert.True(answers["error"] > 50 && answers["response.completed"] > 20, string.Join(", ", answers));
        Assert.DoesNotContain("fault", answers.Keys);

        // What is no UTF-8 ends a connection, as the WebSocket's own rules have it.
        Assert.True(answers.GetValueOrDefault("closed") < Messages / 10, string.Join(", ", answers));
    }

    private static async Task<(string Response, string Conversation)> Begin(StoredServer stored)
    {
        var conversation = (await stored.Post("/v1/conversations", "{}")).GetProperty("id").GetString()!;
        return ((await stored.Post("/v1/responses", """{"input":"one"}""")).GetProperty("id").GetString()!, conversation);
    }

    private static string[] Seed(string previous, string conversation) =>
    [
        $$"""{"model":"m","input":"one two","previous_response_id":"{{previous}}","instructions":"Be brief.","temperature":0.5,"top_p":0.9,"max_output_tokens":20,"metadata":{"a":"b"},"store":true,"private":false}""",
        $$"""{"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]},{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c1","output":"5"},{"role":"user","content":"and?"}],"conversation":"{{conversation}}","interrupt":true}""",
        """{"input":"weather?","tools":[{"type":"function","name":"weather","description":"d","parameters":{"type":"object","properties":{"city":{"type":"string"}}},"strict":false}],"tool_choice":"auto","parallel_tool_calls":true,"text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"}}},"reasoning":{"effort":"low"},"store":false}""",
    ];

    private static async Task<string> AnswerOrEnd(ClientWebSocket socket)
    {
        try
        {
            return await Answer(socket);
        }
        catch (WebSocketException)
        {
            return "closed";
        }
    }

    /// <summary>The type of the last event of an answer; <c>closed</c> where the connection was.</summary>
    private static async Task<string> Answer(ClientWebSocket socket)
    {
        while (await socket.Hear() is { } message)
        {
            var e = JsonElement.Parse(message);
            var type = e.GetProperty("type").GetString()!;
            if (type == "error" && e.GetProperty("status").GetInt32() >= 500)
            {
                return "fault";
            }

            if (type is "error" or "response.completed" or "response.incomplete" or "response.failed")
            {
                return type;
            }
        }

        return "closed";
    }
}

using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using HybridConversations.Tests.Common;

namespace HybridConversations.Cluster.Tests.Processes;

/// <summary>The Responses API at real gateways: an id says where its response is, whichever gateway gave it out.</summary>
public sealed class ResponseGatewayTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [SkippableFact]
    public async Task The_next_response_comes_from_another_gateway_when_the_first_was_killed()
    {
        using var redis = await RedisServer.Start();
        var data = Directory.CreateTempSubdirectory("hc-responses-");
        try
        {
            await using var device = SiloProcess.Launch("jetson-1", true, redis, data.FullName);
            await device.Ready();
            await using var first = SiloProcess.Launch("gateway", false, redis, data.FullName);
            await using var second = SiloProcess.Launch("gateway", false, redis, data.FullName);
            await Task.WhenAll(first.Ready(), second.Ready());
            using var http = new HttpClient { Timeout = Patience };
            var one = await Post(http, first, "/v1/responses", """{"input":"My name is Ada.","max_output_tokens":16}""");
            var two = await Post(http, first, "/v1/responses", $$"""{"input":"Tell me a joke.","max_output_tokens":16,"previous_response_id":"{{Id(one)}}"}""");
            first.Kill();

            Assert.Equal(two.GetProperty("output").GetRawText(), (await Get(http, second, $"/v1/responses/{Id(two)}")).GetProperty("output").GetRawText());
            using var socket = new ClientWebSocket();
            await socket.ConnectAsync(new UriBuilder(new Uri(second.Url, "/v1/responses")) { Scheme = "ws" }.Uri, CancellationToken.None).WaitAsync(Patience);
            var three = await Say(socket, $$"""{"type":"response.create","input":"What is my name?","max_output_tokens":16,"previous_response_id":"{{Id(two)}}"}""");
            Assert.True(three.GetProperty("type").GetString() == "response.completed", three.GetRawText());
            var usage = three.GetProperty("response").GetProperty("usage");
            Assert.True(usage.GetProperty("input_tokens_details").GetProperty("cached_tokens").GetInt32() > usage.GetProperty("input_tokens").GetInt32() / 2, usage.GetRawText());

            // A fork of what the dead gateway had begun, in a conversation of its own.
            var fork = await Say(socket, $$"""{"type":"response.create","input":"What is my name?","max_output_tokens":16,"previous_response_id":"{{Id(one)}}"}""");
            Assert.True(fork.GetProperty("type").GetString() == "response.completed", fork.GetRawText());
            Assert.NotEqual(Id(three.GetProperty("response"))[..37], Id(fork.GetProperty("response"))[..37]);
            using var deleted = await http.DeleteAsync(new Uri(second.Url, $"/v1/responses/{Id(fork.GetProperty("response"))}"));
            Assert.True(deleted.IsSuccessStatusCode);
            using var gone = await http.GetAsync(new Uri(second.Url, $"/v1/responses/{Id(fork.GetProperty("response"))}"));
            Assert.Equal(404, (int)gone.StatusCode);
        }
        finally
        {
            data.Delete(true);
        }
    }

    private static string Id(JsonElement response) => response.GetProperty("id").GetString()!;

    private static async Task<JsonElement> Post(HttpClient http, SiloProcess at, string path, string body)
    {
        using var response = await http.PostAsync(new Uri(at.Url, path), new StringContent(body, Encoding.UTF8, "application/json"));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }

    private static async Task<JsonElement> Get(HttpClient http, SiloProcess at, string path) => JsonElement.Parse(await http.GetStringAsync(new Uri(at.Url, path)));

    private static async Task<JsonElement> Say(ClientWebSocket socket, string message)
    {
        await socket.Say(message);
        while (true)
        {
            var e = JsonElement.Parse(await socket.Hear() ?? throw new InvalidOperationException("The gateway has closed the connection."));
            if (e.GetProperty("type").GetString() is "response.completed" or "response.incomplete" or "response.failed" or "error")
            {
                return e;
            }
        }
    }
}

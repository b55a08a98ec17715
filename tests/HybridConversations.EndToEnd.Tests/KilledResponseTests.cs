using System.Text;
using System.Text.Json;

namespace HybridConversations.EndToEnd.Tests;

/// <summary>Responses of a real server that is killed (SIGKILL) between two of them, and in the middle of one.</summary>
public sealed class KilledResponseTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("hc-responses-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task The_next_response_goes_on_from_the_one_before_the_kill()
    {
        JsonElement first;
        string cut;
        await using (var server = await ServerProcess.Start(_data))
        {
            first = await Post(server, """{"input":"My name is Ada.","temperature":0}""");
            Assert.Equal("completed", first.GetProperty("status").GetString());
            cut = await Begin(server, $$"""{"input":"Tell me a joke.","stream":true,"previous_response_id":"{{Id(first)}}"}""");
            await server.Kill();
        }

        await using var again = await ServerProcess.Start(_data);
        var read = await Get(again, $"v1/responses/{Id(first)}");
        Assert.Equal(first.GetProperty("output").GetRawText(), read.GetProperty("output").GetRawText());

        // Its id was told, so it is on record; it ended with its process, if it had not ended before.
        var ended = await Get(again, $"v1/responses/{cut}");
        Assert.Contains(ended.GetProperty("status").GetString(), (string[])["incomplete", "completed"]);
        var next = await Post(again, $$"""{"input":"What is my name?","temperature":0,"previous_response_id":"{{cut}}"}""");
        Assert.Equal("completed", next.GetProperty("status").GetString());
        var fork = await Post(again, $$"""{"input":"What is my name?","temperature":0,"previous_response_id":"{{Id(first)}}"}""");
        Assert.Contains("Ada", fork.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal(0, await again.Stop());
    }

    private static string Id(JsonElement response) => response.GetProperty("id").GetString()!;

    /// <summary>Reads until the id is there.</summary>
    private static async Task<string> Begin(ServerProcess server, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/responses") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return Id(JsonElement.Parse(line["data: ".Length..]).GetProperty("response"));
            }
        }

        throw new InvalidOperationException("The stream ended without an event.");
    }

    private static async Task<JsonElement> Post(ServerProcess server, string body)
    {
        using var response = await server.Http.PostAsync("v1/responses", new StringContent(body, Encoding.UTF8, "application/json"));
        return JsonElement.Parse(await response.Content.ReadAsStringAsync());
    }

    private static async Task<JsonElement> Get(ServerProcess server, string path) => JsonElement.Parse(await server.Http.GetStringAsync(path));
}

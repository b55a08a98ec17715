using System.Net.Http.Json;
using System.Text.Json.Nodes;
using HybridConversations.Tests.Common;

namespace HybridConversations.EndToEnd.Tests;

/// <summary>
/// Greedy replies are those of llama-server. <c>Golden/llama-server-demo.json</c> was recorded from llama-server 0.7.0 (Debian's llama.cpp 0.7.0+dfsg-2, <c>-c 4096 -np 1 -t 2</c>, temperature 0,
/// 60 tokens, prompt cache off) with this repository's demo model.
/// </summary>
public sealed class LlamaServerEqualityTests : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("hc-equal-").FullName;
    private ServerProcess _server = null!;

    public async Task InitializeAsync() => _server = await ServerProcess.Start(_data);

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task Greedy_replies_equal_those_of_llama_server_one_after_another_and_all_at_once()
    {
        var golden = JsonNode.Parse(await File.ReadAllTextAsync(
            Path.Combine(RepositoryFiles.Root, "tests", "HybridConversations.EndToEnd.Tests", "Golden", "llama-server-demo.json")))!.AsArray();
        Assert.Equal(15, golden.Count);
        foreach (var entry in golden)
        {
            Assert.Equal(entry!["reply"]!.GetValue<string>(), await Reply(entry));
        }

        var together = await Task.WhenAll(golden.Select(entry => Reply(entry!)));
        Assert.Equal(golden.Select(entry => entry!["reply"]!.GetValue<string>()), together);
    }

    private async Task<string> Reply(JsonNode entry)
    {
        using var answer = await _server.Http.PostAsJsonAsync(
            "v1/chat/completions", new { model = "demo", messages = entry["messages"], temperature = 0, max_tokens = 60 });
        answer.EnsureSuccessStatusCode();
        var body = await answer.Content.ReadFromJsonAsync<JsonNode>();
        return body!["choices"]![0]!["message"]!["content"]!.GetValue<string>();
    }
}

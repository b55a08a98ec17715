using System.Runtime.CompilerServices;
using System.Text.Json;
using HybridConversations.Tests.Common.Scripted;

namespace HybridConversations.Http.Tests.OpenAi;

/// <summary>Several replies to one request (<c>n</c>), each with its own index.</summary>
public sealed class ManyRepliesTests
{
    private const string Path = "/v1/chat/completions";

    [Fact]
    public async Task Every_reply_is_a_choice_and_the_prompt_counts_once()
    {
        await using var server = await TestServer.Start();
        server.Machine.Model.Reply = ByNumber();
        using var response = await server.Post(Path, """{"n":3,"seed":5,"messages":[{"role":"user","content":"x"}]}""");
        var answer = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        var choices = answer.GetProperty("choices").EnumerateArray().ToList();
        Assert.Equal([0, 1, 2], choices.Select(choice => choice.GetProperty("index").GetInt32()));
        Assert.Equal(["reply 5", "reply 6", "reply 7"], choices.Select(choice => choice.GetProperty("message").GetProperty("content").GetString()));
        Assert.Equal((12, 6), (answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32(), answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32()));
        Assert.Equal([5L, 6L, 7L], server.Machine.Model.Requests.Select(request => request.Sampling.Seed!.Value).Order());
    }

    [Fact]
    public async Task Streamed_pieces_say_whose_they_are_and_each_reply_ends_once()
    {
        await using var server = await TestServer.Start();
        server.Machine.Model.Reply = ByNumber();
        using var response = await server.Post(Path, """{"n":4,"seed":1,"stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"x"}]}""");
        var blocks = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", blocks[^1]);
        var choices = blocks[..^2].Select(block => JsonElement.Parse(block["data: ".Length..]).GetProperty("choices")[0]).ToList();
        foreach (var own in choices.GroupBy(choice => choice.GetProperty("index").GetInt32()))
        {
            Assert.Equal($"reply {own.Key + 1}", string.Concat(own.Select(choice => choice.GetProperty("delta").TryGetProperty("content", out var text) ? text.GetString() : "")));
            Assert.Equal("assistant", own.First().GetProperty("delta").GetProperty("role").GetString());
            Assert.Single(own, choice => choice.GetProperty("finish_reason").ValueKind == JsonValueKind.String);
        }

        Assert.Equal(8, JsonElement.Parse(blocks[^2]["data: ".Length..]).GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task One_that_is_refused_ends_all_and_frees_the_device()
    {
        await using var server = await TestServer.Start();
        server.Machine.Model.Reply = (request, stop) => request.Sampling.Seed == 2 ? throw new ProblemException(ProblemCodes.Overload("The queue is full.", 100)) : Endless(stop);
        using var response = await server.Post(Path, """{"n":3,"seed":1,"messages":[{"role":"user","content":"x"}]}""");
        Assert.Equal(503, (int)response.StatusCode);
        Assert.Equal(0, server.Machine.Model.Running);
    }

    private static Func<DeviceRequest, CancellationToken, IAsyncEnumerable<DeviceEvent>> ByNumber() => (request, _) => Reply(request.Sampling.Seed ?? -1);

    private static async IAsyncEnumerable<DeviceEvent> Reply(long number)
    {
        yield return new DeviceText("reply");
        await Task.Yield();
        yield return new DeviceText($" {number}");
        yield return ScriptedModelDevice.Finished(2);
    }

    private static async IAsyncEnumerable<DeviceEvent> Endless([EnumeratorCancellation] CancellationToken stop)
    {
        await Task.Delay(Timeout.Infinite, stop);
        yield break;
    }
}

using System.Text.Json;
using HybridConversations.Tests.Common.Scripted;

namespace HybridConversations.Http.Tests.OpenAi;

public sealed class CompletionTests
{
    private const string Path = "/v1/completions";

    [Fact]
    public async Task A_text_goes_on_without_a_template()
    {
        await using var server = await TestServer.Start();
        using var response = await server.Post(Path, """{"model":"m","prompt":"one two","max_tokens":5,"stop":["\n"]}""");
        var answer = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(("text_completion", "one two", "stop"), (answer.GetProperty("object").GetString(), Choice(answer).GetProperty("text").GetString(), Choice(answer).GetProperty("finish_reason").GetString()));
        Assert.StartsWith("cmpl-", answer.GetProperty("id").GetString());
        var asked = Assert.Single(server.Machine.Model.Requests);
        Assert.Equal(("one two", 5), (asked.RawPrompt, asked.Sampling.MaxTokens));
        Assert.Empty(asked.Messages);
    }

    [Fact]
    public async Task It_streams_as_openai_does()
    {
        await using var server = await TestServer.Start();
        using var response = await server.Post(Path, """{"prompt":"one two","stream":true,"echo":true,"stream_options":{"include_usage":true}}""");
        var blocks = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", blocks[^1]);
        var chunks = blocks[..^1].Select(block => JsonElement.Parse(block["data: ".Length..])).ToList();
        Assert.Equal("one twoone two", string.Concat(chunks[..^1].Select(chunk => Choice(chunk).GetProperty("text").GetString())));
        Assert.Equal("stop", Choice(chunks[^2]).GetProperty("finish_reason").GetString());
        Assert.Equal(2, chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Several_prompts_are_choices_in_their_order()
    {
        await using var server = await TestServer.Start();
        using var response = await server.Post(Path, """{"prompt":["a","b"],"n":2,"echo":true}""");
        var answer = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(["aa", "aa", "bb", "bb"], answer.GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("text").GetString()));
        Assert.Equal(24, answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
    }

    [Fact]
    public async Task Log_probabilities_have_the_form_of_text_completions()
    {
        await using var server = await TestServer.Start();
        server.Machine.Model.Reply = (_, _) => Scored();
        using var response = await server.Post(Path, """{"prompt":"x","logprobs":1}""");
        Assert.Equal("""{"tokens":["Hi","!"],"token_logprobs":[-0.5,-1],"top_logprobs":[{"Hi":-0.5},{"!":-1}],"text_offset":[0,2]}""",
            Choice(JsonElement.Parse(await response.Content.ReadAsStringAsync())).GetProperty("logprobs").GetRawText());
        Assert.Equal(1, Assert.Single(server.Machine.Model.Requests).Sampling.TopLogProbs);
    }

    [Theory]
    [InlineData("""{}""", "prompt")]
    [InlineData("""{"prompt":""}""", "prompt")]
    [InlineData("""{"prompt":[1,2,3]}""", "prompt")]
    [InlineData("""{"prompt":[[1],[2]]}""", "prompt")]
    [InlineData("""{"prompt":["a","b"],"n":9}""", "prompt")]
    [InlineData("""{"prompt":"x","suffix":"y"}""", "suffix")]
    [InlineData("""{"prompt":"x","best_of":3}""", "best_of")]
    [InlineData("""{"prompt":"x","echo":true,"logprobs":0}""", "echo")]
    public async Task What_cannot_be_done_is_refused_by_name(string body, string param)
    {
        await using var server = await TestServer.Start();
        using var response = await server.Post(Path, body);
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal(param, JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("error").GetProperty("param").GetString());
    }

    [Fact]
    public async Task A_prompt_that_does_not_fit_has_openais_code()
    {
        await using var server = await TestServer.Start();
        server.Machine.Model.Reply = (_, _) => throw new ProblemException(ProblemCodes.PromptTooLong(5000, 4096));
        foreach (var (path, body) in ((string, string)[])[(Path, """{"prompt":"x","stream":true}"""), ("/v1/chat/completions", """{"messages":[{"role":"user","content":"x"}]}""")])
        {
            using var response = await server.Post(path, body);
            var error = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("error");
            Assert.Equal((400, "context_length_exceeded", "invalid_request_error"), ((int)response.StatusCode, error.GetProperty("code").GetString(), error.GetProperty("type").GetString()));
            Assert.Contains("5000", error.GetProperty("message").GetString());
        }
    }

    [Fact]
    public async Task Embeddings_are_not_made_here_and_it_says_what_to_do()
    {
        await using var server = await TestServer.Start();
        foreach (var path in (string[])["/v1/embeddings", "/api/embed", "/api/embeddings"])
        {
            using var response = await server.Post(path, """{"input":"x"}""");
            Assert.Equal(501, (int)response.StatusCode);
            Assert.Contains("llama-server --embedding", await response.Content.ReadAsStringAsync());
        }
    }

    private static JsonElement Choice(JsonElement answer) => answer.GetProperty("choices")[0];

    private static async IAsyncEnumerable<DeviceEvent> Scored()
    {
        await Task.Yield();
        yield return new DeviceText("Hi!", [new TokenLogProb("Hi", -0.5, [new TokenAlternative("Hi", -0.5)]), new TokenLogProb("!", -1, [new TokenAlternative("!", -1)])]);
        yield return ScriptedModelDevice.Finished(2);
    }
}

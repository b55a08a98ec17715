using System.Text.Json;
using HybridConversations.Cloud;
using HybridConversations.Escalations.Calls;
using HybridConversations.Escalations.Endpoints;
using HybridConversations.Escalations.Settings;
using HybridConversations.Tests.Common.MisbehavingCloud;

namespace HybridConversations.Tests.Cloud;

public sealed class OpenAiCloudModelTests
{
    private static readonly SamplingOptions Everything = new()
    {
        MaxTokens = 7,
        Temperature = 0.25,
        TopP = 0.5,
        TopK = 40,
        MinP = 0.05,
        FrequencyPenalty = -0.5,
        PresencePenalty = 1.5,
        Seed = 42,
        Stop = ["END", "STOP"],
    };

    [Fact]
    public async Task A_compatible_server_gets_everything_in_the_members_it_knows()
    {
        var body = await Sent(o => o, Everything);
        Assert.Equal("big-model", body.GetProperty("model").GetString());
        Assert.True(body.GetProperty("stream").GetBoolean());
        Assert.True(body.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
        Assert.Equal(["system:Be brief.", "user:One?", "assistant:Two.", "user:Three?"],
            body.GetProperty("messages").EnumerateArray().Select(m => $"{m.GetProperty("role")}:{m.GetProperty("content")}"));
        Assert.Equal(7, body.GetProperty("max_tokens").GetInt32());
        Assert.Equal(0.25, body.GetProperty("temperature").GetDouble());
        Assert.Equal(0.5, body.GetProperty("top_p").GetDouble());
        Assert.Equal(40, body.GetProperty("top_k").GetInt32());
        Assert.Equal(0.05, body.GetProperty("min_p").GetDouble());
        Assert.Equal(-0.5, body.GetProperty("frequency_penalty").GetDouble());
        Assert.Equal(1.5, body.GetProperty("presence_penalty").GetDouble());
        Assert.Equal(42, body.GetProperty("seed").GetInt64());
        Assert.Equal(["END", "STOP"], body.GetProperty("stop").EnumerateArray().Select(s => s.GetString()));
        Assert.False(body.TryGetProperty("max_completion_tokens", out _));
        foreach (var identity in (string[])["user", "metadata", "store", "tools"])
        {
            Assert.False(body.TryGetProperty(identity, out _), identity);
        }
    }

    [Fact]
    public async Task OpenAI_gets_no_member_that_it_would_refuse()
    {
        var body = await Sent(o => o with { Kind = CloudKind.OpenAI }, Everything);
        Assert.Equal(7, body.GetProperty("max_completion_tokens").GetInt32());
        foreach (var unknown in (string[])["max_tokens", "top_k", "min_p"])
        {
            Assert.False(body.TryGetProperty(unknown, out _), unknown);
        }

        body = await Sent(o => o with { Kind = CloudKind.OpenAI, MaxTokensMember = MaxTokensMember.MaxTokens }, Everything);
        Assert.Equal(7, body.GetProperty("max_tokens").GetInt32());
    }

    [Fact]
    public async Task A_reasoning_model_gets_room_to_think_and_no_sampling()
    {
        var body = await Sent(o => o with { Kind = CloudKind.Azure, Reasoning = true, ReasoningEffort = "low", MaxOutputTokens = 4_000 }, Everything);
        Assert.Equal(4_000, body.GetProperty("max_completion_tokens").GetInt32());
        Assert.Equal("low", body.GetProperty("reasoning_effort").GetString());
        foreach (var unknown in (string[])["temperature", "top_p", "frequency_penalty", "presence_penalty", "seed", "stop", "top_k"])
        {
            Assert.False(body.TryGetProperty(unknown, out _), unknown);
        }
    }

    [Fact]
    public async Task Nothing_is_sent_that_was_not_asked_for()
    {
        var body = await Sent(o => o, new SamplingOptions());
        Assert.Equal(["max_tokens", "messages", "model", "stream", "stream_options"], body.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Equal(1_024, body.GetProperty("max_tokens").GetInt32());
    }

    [Fact]
    public async Task A_schema_is_sent_as_one_that_must_be_followed()
    {
        var body = await Sent(o => o, new SamplingOptions { JsonSchema = """{"type":"object","properties":{"a":{"type":"integer"}}}""" });
        var format = body.GetProperty("response_format");
        Assert.Equal("json_schema", format.GetProperty("type").GetString());
        Assert.True(format.GetProperty("json_schema").GetProperty("strict").GetBoolean());
        Assert.Equal("integer", format.GetProperty("json_schema").GetProperty("schema").GetProperty("properties").GetProperty("a").GetProperty("type").GetString());
    }

    [Fact]
    public async Task The_key_is_a_bearer_token_and_no_key_is_no_header()
    {
        await using var server = await MisbehavingServer.Start();
        var options = Options(server);
        using (var model = new OpenAiCloudModel(options, new Secret("the-key")))
        {
            await Read(model);
        }

        using (var model = new OpenAiCloudModel(options with { Authentication = CloudAuthentication.None }, null))
        {
            await Read(model);
        }

        foreach (var key in (Secret?[])[null, new Secret("other-key")])
        {
            using var model = new OpenAiCloudModel(options with { Authentication = CloudAuthentication.Optional }, key);
            await Read(model);
        }

        Assert.Equal(["Bearer the-key", null, null, "Bearer other-key"], server.Calls.Select(c => c.Authorization));
    }

    [Theory]
    [InlineData("stop", CloudFinish.Stop)]
    [InlineData("length", CloudFinish.Length)]
    [InlineData("content_filter", CloudFinish.ContentFilter)]
    [InlineData("tool_calls", CloudFinish.Stop)]
    [InlineData("eos_token", CloudFinish.Stop)]
    [InlineData("model_length", CloudFinish.Length)]
    [InlineData("SAFETY", CloudFinish.ContentFilter)]
    [InlineData("abort", null)]
    public async Task Finish_reasons_of_other_servers_are_understood(string reason, CloudFinish? finish)
    {
        await using var server = await MisbehavingServer.Start();
        using var model = new OpenAiCloudModel(Options(server), new Secret("the-key"));
        server.Next(Misbehaviour.Answer("Fine.") with { Finish = reason, SilentChunks = 2 });
        if (finish is null)
        {
            Assert.Equal(CloudFailureKind.Cut, (await Assert.ThrowsAsync<CloudException>(() => Read(model))).Kind);
            return;
        }

        var chunks = await Read(model);
        Assert.Equal("Fine.", string.Concat(chunks.Select(c => c.Text)));
        Assert.Equal(finish, Assert.Single(chunks, c => c.Finish is not null).Finish);
    }

    private static CloudOptions Options(MisbehavingServer server) =>
        new() { Kind = CloudKind.Compatible, BaseAddress = server.BaseAddress, Model = "big-model" };

    private static async Task<JsonElement> Sent(Func<CloudOptions, CloudOptions> change, SamplingOptions sampling)
    {
        await using var server = await MisbehavingServer.Start();
        var options = change(Options(server));
        using var model = new OpenAiCloudModel(options, new Secret("k"));
        ChatMessage[] messages = [new("system", "Be brief."), new("user", "One?"), new("assistant", "Two."), new("user", "Three?")];
        var plan = CloudCallPlan.Of(options, new EscalationRequest("c", "t", messages, sampling));
        await foreach (var chunk in model.Stream(plan.Request, default))
        {
            Assert.NotNull(chunk.Text);
        }

        return server.Calls[0].Json;
    }

    private static async Task<List<CloudChunk>> Read(OpenAiCloudModel model)
    {
        var chunks = new List<CloudChunk>();
        await foreach (var chunk in model.Stream(new CloudRequest([new ChatMessage("user", "Hi")], new SamplingOptions(), 10), default))
        {
            chunks.Add(chunk);
        }

        return chunks;
    }
}

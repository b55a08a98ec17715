using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using HybridConversations.Tests.Common.Scripted;
using OpenAI;
using OpenAI.Chat;

namespace HybridConversations.Http.Tests.OpenAi;

/// <summary>The official client, as its users hold it.</summary>
public sealed class OpenAiClientTests
{
    [Fact]
    public async Task A_streamed_chat_of_several_turns()
    {
        await using var server = await TestServer.Start();
        var client = Client(server);
        var messages = new List<OpenAI.Chat.ChatMessage> { new SystemChatMessage("Be brief.") };
        foreach (var said in new[] { "My name is Ada.", "What is\nmy name? 😀" })
        {
            messages.Add(new UserChatMessage(said));
            var reply = new StringBuilder();
            ChatFinishReason? reason = null;
            ChatTokenUsage? usage = null;
            ChatMessageRole? role = null;
            await foreach (var update in client.CompleteChatStreamingAsync(messages, new ChatCompletionOptions { Temperature = 0.5f, MaxOutputTokenCount = 40 }))
            {
                role ??= update.Role;
                reason ??= update.FinishReason;
                usage ??= update.Usage;
                reply.AppendJoin("", update.ContentUpdate.Select(part => part.Text));
            }

            Assert.Equal(said, reply.ToString());
            Assert.Equal(ChatFinishReason.Stop, reason);
            Assert.Equal(ChatMessageRole.Assistant, role);
            Assert.Equal(8, usage?.InputTokenDetails.CachedTokenCount);
            Assert.Equal(12, usage?.InputTokenCount);
            messages.Add(new AssistantChatMessage(reply.ToString()));
        }

        var request = server.Machine.Model.Requests.Last();
        Assert.Null(request.ConversationId);
        Assert.Equal(["system", "user", "assistant", "user"], request.Messages.Select(message => message.Role));
        Assert.Equal(0.5, request.Sampling.Temperature);
        Assert.Equal(40, request.Sampling.MaxTokens);
    }

    [Fact]
    public async Task A_whole_answer_with_log_probabilities()
    {
        await using var server = await TestServer.Start();
        server.Machine.Model.Reply = (_, _) => WithLogProbs();
        ChatCompletion completion = await Client(server).CompleteChatAsync(
            [new UserChatMessage("hi")], new ChatCompletionOptions { IncludeLogProbabilities = true, TopLogProbabilityCount = 1, StopSequences = { "x" } });

        Assert.Equal("Hé", completion.Content[0].Text);
        Assert.Equal(ChatFinishReason.Length, completion.FinishReason);
        Assert.Equal("scripted-model", completion.Model);
        var token = Assert.Single(completion.ContentTokenLogProbabilities);
        Assert.Equal(("Hé", -0.5f), (token.Token, token.LogProbability));
        Assert.Equal([0x48, 0xC3, 0xA9], token.Utf8Bytes!.Value.ToArray());
        Assert.Equal("Ho", Assert.Single(token.TopLogProbabilities).Token);
        var sampling = Assert.Single(server.Machine.Model.Requests).Sampling;
        Assert.Equal(1, sampling.TopLogProbs);
        Assert.Equal(["x"], sampling.Stop);
    }

    [Fact]
    public async Task A_schema_reaches_the_device()
    {
        await using var server = await TestServer.Start();
        await Client(server).CompleteChatAsync([new UserChatMessage("hi")], new ChatCompletionOptions
        {
            ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("person", BinaryData.FromString("""{"type":"object","properties":{"name":{"type":"string"}}}"""), jsonSchemaIsStrict: true),
        });
        Assert.Equal("""{"type":"object","properties":{"name":{"type":"string"}}}""", Assert.Single(server.Machine.Model.Requests).Sampling.JsonSchema);
    }

    [Fact]
    public async Task Leaving_the_stream_frees_the_device()
    {
        await using var server = await TestServer.Start();
        server.Machine.Model.Reply = (_, cancellationToken) => Endless(cancellationToken);
        await foreach (var update in Client(server).CompleteChatStreamingAsync([new UserChatMessage("hi")]))
        {
            if (update.ContentUpdate.Count > 0)
            {
                break;
            }
        }

        Assert.True(await server.Machine.Model.Cancelled.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(0, server.Machine.Model.Running);
    }

    [Fact]
    public async Task A_refusal_is_an_error_with_its_status_and_reason()
    {
        await using var server = await TestServer.Start();
        server.Machine.Model.Reply = (_, _) => throw new ProblemException(ProblemCodes.PromptTooLong(5000, 2000));
        var whole = await Assert.ThrowsAsync<ClientResultException>(async () => await Client(server).CompleteChatAsync([new UserChatMessage("hi")]));
        Assert.Equal(400, whole.Status);
        Assert.Contains("context_length_exceeded", whole.Message);
        Assert.Contains("5000 tokens", whole.Message);

        var streamed = await Assert.ThrowsAsync<ClientResultException>(async () =>
        {
            await foreach (var _ in Client(server).CompleteChatStreamingAsync([new UserChatMessage("hi")]))
            {
            }
        });
        Assert.Equal(400, streamed.Status);
    }

    [Fact]
    public async Task The_client_tries_again_when_told_to()
    {
        await using var server = await TestServer.Start(new HttpLimits());
        var calls = 0;
        var echo = server.Machine.Model.Reply;
        server.Machine.Model.Reply = (request, cancellationToken) =>
            ++calls == 1 ? throw new ProblemException(ProblemCodes.Overload("The queue is full.", 100)) : echo(request, cancellationToken);
        ChatCompletion completion = await Client(server, retries: 1).CompleteChatAsync([new UserChatMessage("hi")]);
        Assert.Equal("hi", completion.Content[0].Text);
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task Models_can_be_listed()
    {
        await using var server = await TestServer.Start();
        var client = new OpenAIClient(new ApiKeyCredential("none"), Options(server, 0)).GetOpenAIModelClient();
        var models = (await client.GetModelsAsync()).Value;
        Assert.Equal("scripted-model", Assert.Single(models).Id);
        Assert.Equal("scripted-model", (await client.GetModelAsync("scripted-model")).Value.Id);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(async () => await client.GetModelAsync("gpt-9"))).Status);
    }

    private static ChatClient Client(TestServer server, int retries = 0) => new("any-model", new ApiKeyCredential("none"), Options(server, retries));

    private static OpenAIClientOptions Options(TestServer server, int retries) =>
        new() { Endpoint = new Uri(server.Address, "/v1"), RetryPolicy = new ClientRetryPolicy(retries) };

    private static async IAsyncEnumerable<DeviceEvent> WithLogProbs()
    {
        await Task.Yield();
        yield return new DeviceText("Hé", [new TokenLogProb("Hé", -0.5, [new TokenAlternative("Ho", -1.5)])]);
        yield return ScriptedModelDevice.Finished(1, FinishReason.Length);
    }

    private static async IAsyncEnumerable<DeviceEvent> Endless([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(1, cancellationToken);
            yield return new DeviceText("word ");
        }
    }
}

using HybridConversations.Client;
using Microsoft.Extensions.AI;
using AiMessage = Microsoft.Extensions.AI.ChatMessage;

namespace HybridConversations.Cluster.Tests.Processes;

/// <summary>What callers of real gateways, over HTTP and the command line, can rely on.</summary>
public sealed class GatewayTests
{
    [SkippableFact]
    public async Task A_reply_goes_on_at_another_gateway_and_a_device_that_comes_back_goes_on_from_its_snapshot()
    {
        using var redis = await RedisServer.Start();
        var data = Directory.CreateTempSubdirectory("hc-gateways-");
        try
        {
            await using var device = SiloProcess.Launch("jetson-1", true, redis, data.FullName);
            await device.Ready();
            await using var first = SiloProcess.Launch("gateway", false, redis, data.FullName);
            await using var second = SiloProcess.Launch("gateway", false, redis, data.FullName);
            await Task.WhenAll(first.Ready(), second.Ready());
            using var atFirst = HttpConversations.CreateClient(first.Url);
            using var atSecond = HttpConversations.CreateClient(second.Url);
            await Resume(new HttpConversations(atFirst), first, new HttpConversations(atSecond));
            await Chat(new ConversationsChatClient(new HttpConversations(atSecond), "demo", second.Url));
            await Look(redis);

            var conversation = new HttpConversations(atSecond).Get("snapshot");
            await conversation.Whole(string.Concat(Enumerable.Repeat("The keys are in the blue bowl on the table in the hall. ", 12)));
            var drain = await SiloProcess.Run("drain", "--device", "jetson-1", "--redis", redis.Endpoint);
            Assert.True(drain.Code == 0, drain.Output);
            await device.Exited();
            await using var again = SiloProcess.Launch("jetson-1", true, redis, data.FullName);
            await again.Ready();
            ReplyEvent? last = null;
            await Eventually.Holds(
                async () => (last = (await conversation.All(new Turn { TurnId = "after", Text = "And then?", Sampling = new SamplingOptions { MaxTokens = 4 } }))[^1]) is ReplyCompleted,
                () => $"it is answered: {last}");
            var usage = Assert.IsType<ReplyCompleted>(last).Usage;
            Assert.True(usage.Reused?.Snapshot > 0, $"Tokens from the snapshot that the drain left: {usage}");
            Assert.True(usage.ReadTokens < usage.ReusedTokens, $"{usage}");
        }
        finally
        {
            data.Delete(true);
        }
    }

    private static async Task Resume(HttpConversations first, SiloProcess gateway, HttpConversations second)
    {
        // A reply that is long, whatever the model would say.
        var sampling = new SamplingOptions { MaxTokens = 2000, Temperature = 0, Grammar = "root ::= (\"once \" | \"twice \"){300}" };
        var turn = new Turn { TurnId = "t", Text = "Tell me a story.", Resumable = true, Sampling = sampling };
        var had = "";
        try
        {
            await foreach (var e in first.Get("resumed").Say(turn))
            {
                had += (e as ReplyText)?.Text;
                if (had.Length > 40)
                {
                    gateway.Kill();
                }
            }
        }
        catch (Exception error) when (error is ProblemException or IOException or HttpRequestException)
        {
            // Its gateway is dead.
        }

        Assert.True(had.Length > 40, "something had been heard");
        var rest = await second.Get("resumed").All(turn with { Received = had.Length });
        var end = Assert.IsType<ReplyCompleted>(rest[^1]);
        Assert.Equal(end.Text, had + string.Concat(rest.OfType<ReplyText>().Select(piece => piece.Text)));
        Assert.True(end.Text.Length > had.Length, "there was a rest");
        Assert.Equal(end.Text, Assert.Single(await second.Get("resumed").History()).Reply);
    }

    private static async Task Chat(ConversationsChatClient client)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in client.GetStreamingResponseAsync([new AiMessage(ChatRole.User, "My name is Ada.")]))
        {
            updates.Add(update);
        }

        // How many pieces there are depends on how quickly they are read.
        var response = updates.ToChatResponse();
        Assert.NotEmpty(response.Text);
        Assert.All(updates, update => Assert.Equal(response.ConversationId, update.ConversationId));
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        var second = await client.GetResponseAsync([new AiMessage(ChatRole.User, "What is my name?")], new ChatOptions { ConversationId = response.ConversationId, Temperature = 0 });
        Assert.Contains("Ada", second.Text);
        Assert.Equal(response.ConversationId, second.ConversationId);
    }

    private static async Task Look(RedisServer redis)
    {
        var fleet = await SiloProcess.Run("fleet", "status", "--redis", redis.Endpoint);
        Assert.True(fleet.Code == 0, fleet.Output);
        Assert.Contains("jetson-1", fleet.Output);
        Assert.Contains("  resumed", fleet.Output);
        var history = await SiloProcess.Run("fleet", "status", "--redis", redis.Endpoint, "--conversation", "resumed");
        Assert.True(history.Code == 0, history.Output);
        Assert.Contains("user: Tell me a story.", history.Output);
        var missing = await SiloProcess.Run("fleet", "status", "--redis", redis.Endpoint, "--conversation", "nobody");
        Assert.NotEqual(0, missing.Code);
        Assert.Contains("no conversation 'nobody'", missing.Output);
    }
}

using HybridConversations.Tests.Common.Scripted;
using Microsoft.Extensions.AI;
using AiMessage = Microsoft.Extensions.AI.ChatMessage;

namespace HybridConversations.Client.Tests;

/// <summary>The chat client over the real web server.</summary>
public sealed class ConversationsChatClientTests
{
    [Fact]
    public async Task A_reply_streams_in_pieces_and_ends_with_its_usage()
    {
        await using var server = await TestServer.Start();
        using var http = HttpConversations.CreateClient(server.Address);
        using var client = new ConversationsChatClient(new HttpConversations(http), "demo", server.Address);
        var options = new ChatOptions
        {
            ConversationId = "c1",
            Instructions = "Be brief.",
            MaxOutputTokens = 7,
            Temperature = 0.5f,
            StopSequences = ["x"],
            AdditionalProperties = new AdditionalPropertiesDictionary { [ConversationsChatClient.TurnIdProperty] = "t1" },
        };
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in client.GetStreamingResponseAsync([new AiMessage(ChatRole.User, "hello there")], options))
        {
            updates.Add(update);
        }

        var turn = Assert.Single(server.Machine.Script["c1"].Turns);
        Assert.Equal(("t1", "hello there", "Be brief.", 7, 0.5), (turn.TurnId, turn.Text, turn.System, turn.Sampling.MaxTokens, turn.Sampling.Temperature));
        Assert.Equal(["x"], turn.Sampling.Stop);
        var expected = new List<ReplyEvent>();
        await foreach (var e in ScriptedConversation.Echo(turn, default))
        {
            expected.Add(e);
        }

        var pieces = expected.OfType<ReplyText>().Select(piece => piece.Text).ToList();
        Assert.True(pieces.Count > 1, "the script has several pieces");
        Assert.Equal(pieces, updates.Where(update => update.Text.Length > 0).Select(update => update.Text));
        Assert.All(updates, update => Assert.Equal(("c1", "t1", "demo"), (update.ConversationId, update.ResponseId, update.ModelId)));
        Assert.Equal(ChatFinishReason.Stop, updates[^1].FinishReason);
        var usage = Assert.IsType<UsageContent>(Assert.Single(updates[^1].Contents)).Details;
        Assert.Equal(Assert.IsType<ReplyCompleted>(expected[^1]).Usage.CompletionTokens, usage.OutputTokenCount);

        var metadata = (ChatClientMetadata)client.GetService(typeof(ChatClientMetadata))!;
        Assert.Equal((ConversationsChatClient.Provider, server.Address, "demo"), (metadata.ProviderName, metadata.ProviderUri, metadata.DefaultModelId));
    }

    [Fact]
    public async Task What_is_no_turn_is_refused_before_anything_is_sent_and_a_failed_turn_throws_its_problem()
    {
        await using var server = await TestServer.Start();
        using var http = HttpConversations.CreateClient(server.Address);
        using var client = new ConversationsChatClient(new HttpConversations(http));
        var history = await Assert.ThrowsAsync<ProblemException>(() =>
            client.GetResponseAsync([new AiMessage(ChatRole.User, "a"), new AiMessage(ChatRole.Assistant, "b"), new AiMessage(ChatRole.User, "c")]));
        Assert.Contains("new user messages only", history.Message);
        var tools = await Assert.ThrowsAsync<ProblemException>(() =>
            client.GetResponseAsync([new AiMessage(ChatRole.User, "a")], new ChatOptions { Tools = [new HostedWebSearchTool()] }));
        Assert.Contains("Tools", tools.Message);

        var refused = await Assert.ThrowsAsync<ProblemException>(() => client.GetResponseAsync([new AiMessage(ChatRole.User, "a")], new ChatOptions { ConversationId = "no/slash" }));
        Assert.Equal(ProblemCodes.Invalid, refused.Problem.Code);
    }
}

namespace HybridConversations.EndToEnd.Tests;

/// <summary>A second <c>hc serve</c> as the cloud of the first: real processes, real model, real protocol.</summary>
public sealed class CloudServerTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("hc-cloud-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task The_second_server_answers_for_the_cloud_and_the_device_when_it_is_gone()
    {
        await using var cloud = await ServerProcess.Start(Directory.CreateDirectory(Path.Combine(_data, "cloud")).FullName);
        await using var device = await ServerProcess.Start(
            Directory.CreateDirectory(Path.Combine(_data, "device")).FullName, "--cloud-url", new Uri(cloud.Address, "v1/").ToString(), "--cloud-model", "demo");
        var conversation = device.Conversations.Get("hybrid");

        var asked = await Say(conversation, new Turn { TurnId = "asked", Text = "Tell me a joke.", Think = ThinkMode.Cloud, Sampling = new SamplingOptions { MaxTokens = 24 } });
        Assert.Equal((RouteTarget.Cloud, "demand"), Assert.Single(asked.OfType<ReplyRouted>()) is var first ? (first.Target, first.Policy) : default);
        Assert.NotEmpty(Assert.IsType<ReplyCompleted>(asked[^1]).Text);

        var judged = await Say(conversation, new Turn { TurnId = "judged", Text = "Um, write me a Python script that renames my photos by date.", Sampling = new SamplingOptions { MaxTokens = 24 } });
        Assert.Equal((RouteTarget.Cloud, "classifier"), judged.OfType<ReplyRouted>().First() is var second ? (second.Target, second.Policy) : default);

        var everyday = await Say(conversation, new Turn { TurnId = "everyday", Text = "What's the plan for today?", Sampling = new SamplingOptions { MaxTokens = 24 } });
        Assert.Equal(RouteTarget.Local, Assert.Single(everyday.OfType<ReplyRouted>()).Target);

        await cloud.Kill();
        var fallen = await Say(conversation, new Turn { TurnId = "fallen", Text = "Tell me another joke.", Think = ThinkMode.Cloud, Sampling = new SamplingOptions { MaxTokens = 24 } });
        Assert.Equal([RouteTarget.Cloud, RouteTarget.Local], fallen.OfType<ReplyRouted>().Select(r => r.Target));
        Assert.Equal("cloud-failed", fallen.OfType<ReplyRouted>().Last().Policy);
        Assert.NotEmpty(Assert.IsType<ReplyCompleted>(fallen[^1]).Text);

        var forbidden = await Say(conversation, new Turn { TurnId = "forbidden", Text = "And another.", Think = ThinkMode.Cloud, AllowFallback = false });
        Assert.Equal(ProblemCodes.CloudFailed, Assert.IsType<ReplyFailed>(forbidden[^1]).Problem.Code);

        var turns = (await conversation.Read(0, 50))!.Turns;
        Assert.Equal(
            [RouteTarget.Cloud, RouteTarget.Cloud, RouteTarget.Local, RouteTarget.Local],
            turns.Where(t => t.State == TurnState.Completed).Select(t => t.Route!.Value));
        Assert.Equal("cloud", turns[0].AnsweredBy);
    }

    private static async Task<List<ReplyEvent>> Say(IConversation conversation, Turn turn)
    {
        var events = new List<ReplyEvent>();
        await foreach (var e in conversation.Say(turn))
        {
            events.Add(e);
        }

        return events;
    }
}

using HybridConversations.Routing;

namespace HybridConversations.Tests.Conversations;

/// <summary>A spoken wish for privacy holds in the record, as the flag does, until it is lifted.</summary>
public sealed class PrivateConversationTests : ConversationFixture
{
    private const string Hard = "um write me a python script that renames all my photos by the date they were taken";
    private const string Wish = "keep this private my pin is 4711";

    public PrivateConversationTests()
    {
        Cloud = new ScriptedEscalation();
        Router = new Router();
        Device.Script = _ => ["From the device."];
    }

    [Fact]
    public async Task It_marks_the_turn_and_all_after_it_also_behind_a_restart()
    {
        await Say("hello", "before");
        await Say(Wish, "s");
        for (var i = 0; i < 12; i++)
        {
            await Say($"what is the weather like today number {i}", $"w{i}");
        }

        await Restart();
        var events = await Say(Hard, "hard");
        await Say("think hard about a name for my dog", "think");
        await Conversation.Say(Turn("and another", "demanded") with { Think = ThinkMode.Cloud, AllowFallback = false }).ToList();

        Assert.Empty(Cloud!.Requests);
        Assert.False((await Stored("before")).Private);
        foreach (var id in new[] { "s", "w0", "w11", "hard", "think", "demanded" })
        {
            Assert.True((await Stored(id)).Private, id);
        }

        Assert.Equal("\"keep this private\", said before and not lifted, keeps the turn on the device.", Assert.IsType<ReplyRouted>(events[0]).Reason);
        Assert.Equal("private", (await Stored("hard")).RoutePolicy);
    }

    /// <summary>As /v1/conversations begins one: its items are on record before anybody has answered.</summary>
    [Theory]
    [InlineData("Keep this private. My PIN is 4711.", "", "you can use the cloud again")]
    [InlineData("Keep this private. My PIN is 4711.", "you can use the cloud again", "hello")]
    [InlineData("hello", "Keep this private. My PIN is 4711.", "this is no longer private")]
    public async Task Items_that_a_conversation_begins_with_are_as_private_as_their_words(string first, string second, string then)
    {
        var now = DateTimeOffset.UnixEpoch;
        var items = new[] { first, second }.Where(text => text.Length > 0).Select(text => new ChatMessage(ChatMessage.User, text)).ToList();
        var turns = items.Select((item, i) => new TurnRecord { Sequence = 1, TurnId = $"item-{i}", User = "", Earlier = [item], State = TurnState.Completed, StartedAt = now, EndedAt = now });
        await Conversation.Change(new BeginConversation(null, null, [.. turns]));
        await Say(then, "then");
        await Conversation.Say(Turn("and another", "demanded") with { Think = ThinkMode.Cloud }).ToList();

        var sent = Assert.Single(Cloud!.Requests);
        Assert.DoesNotContain(sent.Messages, message => message.Content.Contains("4711", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_said_to_one_device_alone_is_no_history_for_the_cloud()
    {
        await Conversation.Say(Turn("my pin is 4711", "pinned") with { Device = Device.Id }).ToList();
        await Conversation.Say(Turn("and another", "demanded") with { Think = ThinkMode.Cloud }).ToList();

        Assert.True((await Stored("pinned")).Private);
        Assert.DoesNotContain(Cloud!.Requests.SelectMany(request => request.Messages), message => message.Content.Contains("4711", StringComparison.Ordinal) || message.Content.Contains("From the device", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_barge_in_before_the_first_word_of_the_reply_does_not_open_it(bool waiting)
    {
        Device.Script = null;
        await using var first = new ReplyReader(Conversation.Say(Turn(waiting ? "hello" : Wish, "first")));
        await first.Next();
        var next = first.Next();
        await Device.NextGeneration();
        if (waiting)
        {
            // Overruled before it runs.
            var release = new TaskCompletionSource();
            Log.BeforeWrite = _ => release.Task;
            Device.Script = _ => ["ok"];
            var secret = Conversation.Say(Turn(Wish, "s", interrupt: true)).ToList();
            var third = Conversation.Say(Turn(Hard, "hard", interrupt: true)).ToList();
            release.SetResult();
            await Task.WhenAll(secret, third, next);
        }
        else
        {
            await Conversation.Interrupt(null);
            await next;
            Device.Script = _ => ["ok"];
            await Say(Hard, "hard");
        }

        Assert.Empty(Cloud!.Requests);
        Assert.True((await Stored("hard")).Private);
    }

    [Fact]
    public async Task A_turn_that_failed_keeps_its_wish()
    {
        Device.Refusal = new ProblemException(ProblemCodes.Overload("Full.", 1));
        await Say(Wish, "s");
        Device.Refusal = null;
        await Say(Hard, "hard");
        Assert.Empty(Cloud!.Requests);
    }

    [Fact]
    public async Task A_lift_opens_only_what_is_said_after_it()
    {
        await Say(Wish, "s");
        var lifted = await Say("okay this is no longer private but my other pin is 4712", "lift");
        Device.Script = _ => ["Your pins are 4711 and 4712."];
        await Conversation.Say(Turn("what were my pins", "quote") with { Think = ThinkMode.Local }).ToList();
        await Restart();
        await Say(Hard, "hard");

        Assert.Equal(
            "\"this is no longer private\" lifts the wish for privacy for what is said after this turn; what was said so far stays on the device.",
            Assert.IsType<ReplyRouted>(lifted[0]).Reason);
        Assert.Equal((true, true, false, false), ((await Stored("s")).Private, (await Stored("lift")).Private, (await Stored("quote")).Private, (await Stored("hard")).Private));
        Assert.Equal((false, true, false), ((await Stored("lift")).PrivateReply, (await Stored("quote")).PrivateReply, (await Stored("hard")).PrivateReply));
        Assert.Equal(
            ["what were my pins", "(This was answered on the device, and the answer is private.)", Hard],
            Assert.Single(Cloud!.Requests).Messages.Select(message => message.Content));
    }

    [Fact]
    public async Task A_turn_that_the_caller_calls_private_says_nothing_of_those_after_it()
    {
        await Conversation.Say(Turn("my pin is 4711", "s") with { Private = true }).ToList();
        await Say(Hard, "hard");
        Assert.Equal([Hard], Assert.Single(Cloud!.Requests).Messages.Select(message => message.Content));
        Assert.False((await Stored("hard")).Private);
    }

    [Fact]
    public async Task A_new_conversation_under_its_id_begins_open()
    {
        await Say(Wish, "s");
        await Conversation.Delete();
        await Say(Hard, "hard");
        Assert.Single(Cloud!.Requests);
    }

    [Fact]
    public async Task Drafts_of_a_private_conversation_are_private()
    {
        await Conversation.Listen(new SpokenDraft("hello"));
        await Conversation.Listen(new SpokenDraft(Wish));
        await Say(Wish, "s");
        await Conversation.Listen(new SpokenDraft("write me"));
        Assert.Equal([false, true, true], Device.Drafts.Select(draft => draft.Draft.Private));
    }

    private async Task<List<ReplyEvent>> Say(string text, string id) => await Conversation.Say(Turn(text, id)).ToList();
}

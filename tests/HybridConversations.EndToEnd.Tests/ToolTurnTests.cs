using System.Text.Json;

namespace HybridConversations.EndToEnd.Tests;

/// <summary>Tools in turns with a real process and a real model, whose calls are held to their schema; the process is killed between a call and its result.</summary>
public sealed class ToolTurnTests : IDisposable
{
    private const int Kills = 4;
    private readonly string _data = Directory.CreateTempSubdirectory("hc-tools-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task A_call_survives_its_process_and_its_result_is_taken_once()
    {
        for (var round = 0; round < Kills; round++)
        {
            ReplyToolCall call;
            await using (var server = await ServerProcess.Start(_data))
            {
                // Even: at the call itself. Odd: behind the end of its turn.
                call = await Call(server, round, atCall: round % 2 == 0);
                await server.Kill();
            }

            Assert.Contains(JsonDocument.Parse(call.Arguments).RootElement.GetProperty("city").GetString(), (string[])["Oslo", "Paris"]);
            await using var again = await ServerProcess.Start(_data);
            var conversation = again.Conversations.Get("c");
            var page = (await conversation.Read(0, 50))!;
            Assert.Equal(call.CallId, Assert.Single(page.OpenCalls!).Call.CallId);
            Assert.Equal((false, FinishReason.ToolCalls), (page.Turns[^1].Repeatable, page.Turns[^1].FinishReason));

            var replay = await All(conversation, Ask(round));
            Assert.Equal(call, replay.OfType<ReplyToolCall>().Single());
            Assert.True(Assert.IsType<ReplyCompleted>(replay[^1]).Replayed);

            var bring = new Turn
            {
                TurnId = $"r{round}",
                Text = "",
                ToolResults = [new ToolResult(call.CallId, "5 degrees")],
                ToolChoice = ToolChoice.None,
                Sampling = new SamplingOptions { MaxTokens = 12 },
            };
            var answered = Assert.IsType<ReplyCompleted>((await All(conversation, bring))[^1]);
            Assert.DoesNotContain("get_weather", answered.Text, StringComparison.Ordinal);
            var told = Assert.IsType<ReplyCompleted>((await All(conversation, bring))[^1]);
            Assert.Equal((answered.Text, true), (told.Text, told.Replayed));
            Assert.Equal(ProblemCodes.CallAnswered, Assert.IsType<ReplyFailed>((await All(conversation, bring with { TurnId = $"x{round}" }))[^1]).Problem.Code);
            Assert.Null((await conversation.Read(0, 50))!.OpenCalls);
        }

        await using var last = await ServerProcess.Start(_data);
        var turns = (await last.Conversations.Get("c").Read(0, 50))!.Turns;
        Assert.Equal(Enumerable.Range(0, Kills).SelectMany(round => (string[])[$"t{round}", $"r{round}"]), turns.Select(turn => turn.TurnId));
        Assert.Equal(0, await last.Stop());
    }

    private static async Task<ReplyToolCall> Call(ServerProcess server, int round, bool atCall)
    {
        ReplyToolCall? call = null;
        await foreach (var e in server.Conversations.Get("c").Say(Ask(round)))
        {
            Assert.IsNotType<ReplyFailed>(e);
            Assert.False(e is ReplySentence sentence && sentence.Text.Contains("city", StringComparison.Ordinal), $"{e}");
            call ??= e as ReplyToolCall;
            if (call is not null && atCall)
            {
                return call;
            }
        }

        return call!;
    }

    private static Turn Ask(int round) => new()
    {
        TurnId = $"t{round}",
        Text = "What is the weather?",
        Tools = [new ToolDefinition("get_weather", "The weather.", """{"type":"object","properties":{"city":{"enum":["Oslo","Paris"]}},"required":["city"],"additionalProperties":false}""")],
        ToolChoice = ToolChoice.Required,
        ParallelToolCalls = false,
        Sampling = new SamplingOptions { Temperature = 0 },
    };

    private static async Task<List<ReplyEvent>> All(IConversation conversation, Turn turn)
    {
        var events = new List<ReplyEvent>();
        await foreach (var e in conversation.Say(turn))
        {
            events.Add(e);
        }

        return events;
    }
}

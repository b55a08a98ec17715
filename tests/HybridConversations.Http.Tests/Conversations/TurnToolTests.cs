using System.Net;
using System.Text.Json;

namespace HybridConversations.Http.Tests.Conversations;

/// <summary>Tools and thoughts in turns as they travel: over real conversations, with a device that a test commands.</summary>
public sealed class TurnToolTests
{
    [Fact]
    public async Task A_call_and_its_result_travel()
    {
        await using var there = new StoredConversations();
        await using var server = await TestServer.Start();
        server.Machine.Real = there.Conversations;
        there.Device.Answer = device =>
        {
            device.Think("I need the weather.");
            device.Say("Let me look.");
            device.Call("c1", "get_weather", """{"city":"Łódź"}""");
            device.Finish(FinishReason.ToolCalls);
        };
        var asked = await Events(server, """
            {"turnId":"t1","text":"weather?","tools":[{"name":"get_weather","description":"d","parameters":{"type":"object"},"strict":true},
             {"type":"function","function":{"name":"get_time"}}],"toolChoice":{"mode":"required","allowed":["get_weather"]},"parallelToolCalls":false,
             "reasoningEffort":"low","thinkingBudget":64}
            """);
        Assert.Equal(["routed", "reasoning", "text", "sentence", "tool-call", "completed"], asked.Select(e => e.Name));
        Assert.Equal("""{"text":"I need the weather."}""", asked[1].Data.GetRawText());
        Assert.Equal("""{"callId":"c1","name":"get_weather","arguments":"{\"city\":\"Łódź\"}"}""", asked[4].Data.GetRawText());
        Assert.Equal("tool-calls", asked[5].Data.GetProperty("finishReason").GetString());
        var request = there.Device.LastRequest!;
        Assert.Equal([new ToolDefinition("get_weather", "d", """{"type":"object"}""") { Strict = true }, new ToolDefinition("get_time")], request.Tools);
        Assert.Equal((ToolChoiceMode.Required, "get_weather", false), (request.ToolChoice.Mode, request.ToolChoice.Allowed!.Single(), request.ParallelToolCalls));
        Assert.Equal(new ReasoningOptions { Effort = "low", BudgetTokens = 64 }, request.Reasoning);

        using var page = JsonDocument.Parse(await server.Http.GetStringAsync("/conversations/c1"));
        Assert.Equal("c1", page.RootElement.GetProperty("openCalls")[0].GetProperty("call").GetProperty("callId").GetString());
        Assert.Equal("get_time", page.RootElement.GetProperty("tools")[1].GetProperty("name").GetString());

        there.Device.Answer = device =>
        {
            device.Say(device.Request.Messages[^1].Content);
            device.Finish();
        };
        var answered = await Events(server, """{"turnId":"t2","toolResults":[{"callId":"c1","content":"5 °C"}]}""");
        Assert.Equal("5 °C", answered[^1].Data.GetProperty("text").GetString());
        var again = await Events(server, """{"turnId":"t2","toolResults":[{"callId":"c1","content":"5 °C"}]}""");
        Assert.True(again[^1].Data.GetProperty("replayed").GetBoolean());
        using var other = await server.Post("/conversations/c1/turns", """{"turnId":"t3","toolResults":[{"callId":"c1","content":"5 °C"}]}""");
        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);
        Assert.Contains("call-answered", await other.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(2, there.Device.Generations);
    }

    [Theory]
    [InlineData("auto", ToolChoiceMode.Auto, null)]
    [InlineData("none", ToolChoiceMode.None, null)]
    [InlineData("{\"name\":\"f\"}", ToolChoiceMode.Required, "f")]
    [InlineData("{\"mode\":\"auto\",\"allowed\":[\"f\"]}", ToolChoiceMode.Auto, "f")]
    public async Task A_choice_has_several_forms(string choice, ToolChoiceMode mode, string? allowed)
    {
        await using var server = await TestServer.Start();
        var json = choice.StartsWith('{') ? choice : $"\"{choice}\"";
        using var response = await server.Post("/conversations/c1/turns", $$"""{"turnId":"t1","text":"x","tools":[{"name":"f"}],"toolChoice":{{json}},"enableThinking":true}""");
        var turn = Assert.Single(server.Machine.Script["c1"].Turns);
        Assert.Equal((mode, allowed), (turn.ToolChoice!.Mode, turn.ToolChoice.Allowed?.Single()));
        Assert.Equal(new ReasoningOptions { Enabled = true }, turn.Reasoning);
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { """{"turnId":"t","toolResults":[]}""", "text: is missing" },
        { """{"turnId":"t","text":"x","toolResults":{}}""", "toolResults: must be an array" },
        { """{"turnId":"t","toolResults":[7]}""", "toolResults[0]: must be an object" },
        { """{"turnId":"t","toolResults":[{"callId":"c1"}]}""", "toolResults[0].content: is missing" },
        { """{"turnId":"t","toolResults":[{"content":"x"}]}""", "toolResults[0].callId: is missing" },
        { """{"turnId":"t","toolResults":[{"callId":"c1","content":"x"}]}""", "no such call waits" },
        { """{"turnId":"t","text":"x","tools":"all"}""", "tools: must be an array" },
        { """{"turnId":"t","text":"x","tools":[{}]}""", "tools[0].name: is missing" },
        { """{"turnId":"t","text":"x","tools":[{"name":"a b"}]}""", "tools[0].name" },
        { """{"turnId":"t","text":"x","tools":[{"name":"f","parameters":[]}]}""", "tools[0].parameters" },
        { """{"turnId":"t","text":"x","tools":[{"function":{"name":7}}]}""", "tools[0].function.name" },
        { """{"turnId":"t","text":"x","toolChoice":7}""", "toolChoice" },
        { """{"turnId":"t","text":"x","toolChoice":"maybe"}""", "toolChoice" },
        { """{"turnId":"t","text":"x","toolChoice":{"mode":"always"}}""", "toolChoice.mode" },
        { """{"turnId":"t","text":"x","toolChoice":"required"}""", "no tools" },
        { """{"turnId":"t","text":"x","reasoningEffort":"huge"}""", "reasoningEffort" },
        { """{"turnId":"t","text":"x","thinkingBudget":-1}""", "thinkingBudget" },
        { """{"turnId":"t","text":"x","toolResults":[{"callId":"\ud800","content":"x"}]}""", "surrogate" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_is_wrong_is_said(string body, string expected)
    {
        await using var there = new StoredConversations();
        await using var server = await TestServer.Start();
        server.Machine.Real = there.Conversations;
        using var response = await server.Post("/conversations/c1/turns", body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, text);
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Null(await there.Conversations.Get("c1").Read(0, 1));
    }

    [Fact]
    public async Task A_call_of_another_conversation_is_none_here()
    {
        await using var there = new StoredConversations();
        await using var server = await TestServer.Start();
        server.Machine.Real = there.Conversations;
        there.Device.Answer = device =>
        {
            device.Call("c1", "f");
            device.Finish(FinishReason.ToolCalls);
        };
        await Events(server, """{"turnId":"t1","text":"x","tools":[{"name":"f"}]}""");
        using var response = await server.Post("/conversations/c2/turns", """{"turnId":"t2","toolResults":[{"callId":"c1","content":"x"}]}""");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private static async Task<List<(string Name, JsonElement Data)>> Events(TestServer server, string body)
    {
        using var response = await server.Post("/conversations/c1/turns", body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        var events = new List<(string, JsonElement)>();
        var name = "";
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line[7..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                events.Add((name, JsonDocument.Parse(line[6..]).RootElement.Clone()));
            }
        }

        return events;
    }
}

using HybridConversations.Tests.Common;

namespace HybridConversations.Tests.Conversations.Tools;

/// <summary>A conversation that has functions.</summary>
public abstract class ToolFixture : ConversationFixture
{
    internal static readonly ToolDefinition Weather = new("get_weather", "The weather in a city.", """{"type":"object","properties":{"city":{"type":"string"}}}""");
    internal static readonly ToolDefinition Order = new("order_pizza");

    internal static Turn Ask(string text, string id, bool interrupt = false) => Turn(text, id, interrupt) with { Tools = [Weather, Order] };

    internal static Turn Bring(string turnId, params (string CallId, string Content)[] results) =>
        new() { TurnId = turnId, Text = "", ToolResults = [.. results.Select(result => new ToolResult(result.CallId, result.Content))] };

    /// <summary>Says a turn that the device answers as a test says.</summary>
    internal async Task<List<ReplyEvent>> Answer(Turn turn, Action<ScriptedGeneration> answer)
    {
        var reply = Conversation.Say(turn).ToList();
        answer(await Device.NextGeneration());
        return await reply;
    }

    /// <summary>A turn that is answered with one call.</summary>
    internal Task<List<ReplyEvent>> Call(string callId = "c1", string turnId = "t1", string name = "get_weather", string said = "") => Answer(Ask("weather in Oslo?", turnId), device =>
    {
        device.Say(said.Length > 0 ? [said] : []);
        device.Call(callId, name, """{"city":"Oslo"}""");
        device.Finish(FinishReason.ToolCalls);
    });

    /// <summary>A turn that is answered with words.</summary>
    internal Task<List<ReplyEvent>> Answer(Turn turn, string reply) => Answer(turn, device =>
    {
        device.Say(reply);
        device.Finish();
    });

    /// <summary>What the device was shown last, each message in a line; calls as "role: text → name(id)", results as "tool id: text".</summary>
    internal string[] Prompt() => [.. Device.LastRequest!.Messages.Select(Line)];

    internal static string Line(ChatMessage message) => message.Role == ChatMessage.Tool
        ? $"tool {message.ToolCallId}: {message.Content}"
        : $"{message.Role}: {message.Content}{string.Concat(message.ToolCalls.Select(call => $" → {call.Name}({call.CallId})"))}";
}

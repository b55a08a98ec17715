using HybridConversations.Inference.Templates.Fitting;
using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates;

/// <summary>A conversation as the variables of a template.</summary>
internal static class ChatVariables
{
    public static IEnumerable<KeyValuePair<string, Value>> Of(FittedInput input, Func<string, string> shield)
    {
        var writer = new ValueWriter(shield);
        foreach (var variable in input.Variables is { } json && writer.Json(json) is MapValue map ? map.Entries : [])
        {
            yield return variable;
        }

        yield return new("messages", new ListValue([.. input.Messages.Select(message => Message(message, input.ArgumentsAsText, writer))]));
        yield return new("add_generation_prompt", BooleanValue.Of(input.AddsReply));
        if (input.Tools.Count > 0)
        {
            yield return new("tools", new ListValue([.. input.Tools.Select(tool => Tool(tool, writer))]));
        }

        if (input.Thinking is { } thinking)
        {
            // One name for Qwen, SmolLM, Gemma and GLM, the other for DeepSeek and Granite.
            yield return new("enable_thinking", BooleanValue.Of(thinking));
            yield return new("thinking", BooleanValue.Of(thinking));
        }

        if (input.Effort is { } effort)
        {
            yield return new("reasoning_effort", new TextValue(effort));
        }
    }

    private static MapValue Message(ChatMessage message, bool argumentsAsText, ValueWriter writer)
    {
        var map = Map(("role", new TextValue(message.Role)), ("content", writer.Text(message.Content)));
        if (message.Reasoning is { Length: > 0 } reasoning)
        {
            // gpt-oss reads the second name.
            map.Entries["reasoning_content"] = writer.Text(reasoning);
            map.Entries["thinking"] = map.Entries["reasoning_content"];
        }

        if (message.ToolCalls.Count > 0)
        {
            map.Entries["tool_calls"] = new ListValue([.. message.ToolCalls.Select(call => Call(call, argumentsAsText, writer))]);
        }

        if (message.ToolCallId is { } id)
        {
            map.Entries["tool_call_id"] = writer.Text(id);
        }

        if (message.Name is { } name)
        {
            map.Entries["name"] = writer.Text(name);
        }

        return map;
    }

    /// <summary>Arguments that are no JSON object stay the text that they are.</summary>
    private static MapValue Call(ToolCall call, bool argumentsAsText, ValueWriter writer)
    {
        var arguments = !argumentsAsText && writer.Json(call.Arguments) is MapValue map ? (Value)map : writer.Text(call.Arguments);
        return Map(("id", writer.Text(call.CallId)), ("type", new TextValue("function")), ("function", Map(("name", writer.Text(call.Name)), ("arguments", arguments))));
    }

    private static MapValue Tool(ToolDefinition tool, ValueWriter writer)
    {
        var parameters = tool.Parameters is { } schema && writer.Json(schema) is MapValue map ? map : Map(("type", new TextValue("object")), ("properties", Map()));
        return Map(("type", new TextValue("function")),
            ("function", Map(("name", writer.Text(tool.Name)), ("description", writer.Text(tool.Description ?? "")), ("parameters", parameters))));
    }

    private static MapValue Map(params ReadOnlySpan<(string Name, Value Value)> entries)
    {
        var map = new OrderedDictionary<string, Value>(StringComparer.Ordinal);
        foreach (var (name, value) in entries)
        {
            map.Add(name, value);
        }

        return new MapValue(map);
    }
}

using System.Text;
using System.Text.Json.Nodes;

namespace HybridConversations.Http.Responses;

/// <summary>Turns what a device says into output items and their events: one item is open at a time, and is closed when another kind begins.</summary>
internal sealed class OutputItems(JsonArray done)
{
    private const string Message = "message";
    private const string Reasoning = "reasoning";
    private const string Call = "function_call";
    private readonly StringBuilder _text = new();
    private readonly List<ToolCall> _calls = [];
    private JsonObject? _open;

    /// <summary>All text of the reply so far.</summary>
    public StringBuilder Spoken { get; } = new();

    public IReadOnlyList<ToolCall> Calls => _calls;

    public IEnumerable<JsonObject> Take(DeviceEvent e)
    {
        switch (e)
        {
            case DeviceText { Text.Length: > 0 } piece:
                foreach (var begun in Begin(Message))
                {
                    yield return begun;
                }

                _text.Append(piece.Text);
                Spoken.Append(piece.Text);
                yield return Part("response.output_text.delta", ("delta", piece.Text), ("logprobs", new JsonArray()));
                break;
            case DeviceReasoning { Text.Length: > 0 } piece:
                foreach (var begun in Begin(Reasoning))
                {
                    yield return begun;
                }

                _text.Append(piece.Text);
                yield return Part("response.reasoning_text.delta", ("delta", piece.Text));
                break;
            case DeviceToolCall call:
                foreach (var begun in Close().Concat(Open(new JsonObject
                {
                    ["id"] = NewId("fc"),
                    ["type"] = Call,
                    ["status"] = "in_progress",
                    ["call_id"] = call.CallId,
                    ["name"] = call.Name,
                    ["arguments"] = "",
                })))
                {
                    yield return begun;
                }

                break;
            case DeviceToolArguments piece:
                _text.Append(piece.Text);
                if (piece.Text.Length > 0)
                {
                    yield return Event("response.function_call_arguments.delta", ("delta", piece.Text));
                }

                if (piece.IsEnd)
                {
                    foreach (var ended in Close())
                    {
                        yield return ended;
                    }
                }

                break;
        }
    }

    /// <summary>Closes the item that is open.</summary>
    /// <param name="whole">False where the reply was broken off.</param>
    public IEnumerable<JsonObject> Close(bool whole = true)
    {
        if (_open is not { } item)
        {
            yield break;
        }

        var text = _text.ToString();
        item["status"] = whole ? "completed" : "incomplete";
        switch ((string?)item["type"])
        {
            case Message:
                item["content"] = new JsonArray(OutputText(text));
                yield return Part("response.output_text.done", ("text", text), ("logprobs", new JsonArray()));
                yield return Part("response.content_part.done", ("part", OutputText(text)));
                break;
            case Reasoning:
                item["content"] = new JsonArray(ReasoningText(text));
                yield return Part("response.reasoning_text.done", ("text", text));
                yield return Part("response.content_part.done", ("part", ReasoningText(text)));
                break;
            case Call:
                item["arguments"] = text;
                _calls.Add(new ToolCall((string)item["call_id"]!, (string)item["name"]!, text));
                yield return Event("response.function_call_arguments.done", ("name", (string)item["name"]!), ("arguments", text));
                break;
        }

        yield return new JsonObject { ["type"] = "response.output_item.done", ["output_index"] = done.Count, ["item"] = item.DeepClone() };
        done.Add((JsonNode)item);
        _open = null;
    }

    private IEnumerable<JsonObject> Begin(string type)
    {
        if ((string?)_open?["type"] == type)
        {
            return [];
        }

        var item = type == Message
            ? new JsonObject { ["id"] = NewId("msg"), ["type"] = Message, ["status"] = "in_progress", ["role"] = ChatMessage.Assistant, ["content"] = new JsonArray() }
            : new JsonObject { ["id"] = NewId("rs"), ["type"] = Reasoning, ["status"] = "in_progress", ["summary"] = new JsonArray(), ["content"] = new JsonArray() };
        return Close().Concat(Open(item)).Concat(FirstPart(type));
    }

    private IEnumerable<JsonObject> Open(JsonObject item)
    {
        _open = item;
        _text.Clear();
        yield return new JsonObject { ["type"] = "response.output_item.added", ["output_index"] = done.Count, ["item"] = item.DeepClone() };
    }

    private IEnumerable<JsonObject> FirstPart(string type)
    {
        yield return Part("response.content_part.added", ("part", type == Message ? OutputText("") : ReasoningText("")));
    }

    private JsonObject Part(string type, params ReadOnlySpan<(string Name, JsonNode Value)> members)
    {
        var e = Event(type, members);
        e["content_index"] = 0;
        return e;
    }

    private JsonObject Event(string type, params ReadOnlySpan<(string Name, JsonNode Value)> members)
    {
        var e = new JsonObject { ["type"] = type, ["item_id"] = (string?)_open?["id"], ["output_index"] = done.Count };
        foreach (var (name, value) in members)
        {
            e[name] = value;
        }

        return e;
    }

    private static JsonObject OutputText(string text) => new() { ["type"] = "output_text", ["text"] = text, ["annotations"] = new JsonArray(), ["logprobs"] = new JsonArray() };

    private static JsonObject ReasoningText(string text) => new() { ["type"] = "reasoning_text", ["text"] = text };

    private static string NewId(string prefix) => $"{prefix}_{Guid.CreateVersion7():N}";
}

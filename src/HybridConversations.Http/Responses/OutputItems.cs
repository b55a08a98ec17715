using System.Text;
using System.Text.Json.Nodes;
using HybridConversations.Http.Items;

namespace HybridConversations.Http.Responses;

/// <summary>Turns what a conversation says into output items and their events: one item is open at a time, and is closed when another kind begins.</summary>
internal sealed class OutputItems(ResponseDocument document)
{
    private readonly StringBuilder _text = new();
    private JsonObject? _open;
    private int _messages;
    private int _thoughts;

    public IEnumerable<JsonObject> Take(ReplyEvent e)
    {
        switch (e)
        {
            case ReplyText { Text.Length: > 0 } piece:
                foreach (var begun in Begin(ItemDocuments.Message))
                {
                    yield return begun;
                }

                _text.Append(piece.Text);
                yield return Part("response.output_text.delta", ("delta", piece.Text), ("logprobs", new JsonArray()));
                break;
            case ReplyReasoning { Text.Length: > 0 } piece:
                foreach (var begun in Begin(ItemDocuments.Reasoning))
                {
                    yield return begun;
                }

                _text.Append(piece.Text);
                yield return document.TellsSummary ? Summary("response.reasoning_summary_text.delta", ("delta", piece.Text)) : Part("response.reasoning_text.delta", ("delta", piece.Text));
                break;
            case ReplyToolCall call:
                var id = ItemId.OfCall(document.Id, ItemPlace.Call, call.CallId);
                foreach (var begun in Close().Concat(Open(ItemDocuments.OfCall(id, call.Call with { Arguments = "" }, "in_progress"))))
                {
                    yield return begun;
                }

                _text.Append(call.Arguments);
                yield return Event("response.function_call_arguments.delta", ("delta", call.Arguments));
                foreach (var ended in Close())
                {
                    yield return ended;
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
        item["status"] = whole ? ItemDocuments.Completed : "incomplete";
        switch ((string?)item["type"])
        {
            case ItemDocuments.Message:
                item["content"] = new JsonArray(ItemDocuments.OutputText(text));
                yield return Part("response.output_text.done", ("text", text), ("logprobs", new JsonArray()));
                yield return Part("response.content_part.done", ("part", ItemDocuments.OutputText(text)));
                break;
            case ItemDocuments.Reasoning when document.TellsSummary:
                item["summary"] = new JsonArray(ItemDocuments.SummaryText(text));
                yield return Summary("response.reasoning_summary_text.done", ("text", text));
                yield return Summary("response.reasoning_summary_part.done", ("part", ItemDocuments.SummaryText(text)));
                break;
            case ItemDocuments.Reasoning:
                item["content"] = new JsonArray(ItemDocuments.ReasoningText(text));
                yield return Part("response.reasoning_text.done", ("text", text));
                yield return Part("response.content_part.done", ("part", ItemDocuments.ReasoningText(text)));
                break;
            case ItemDocuments.Call:
                item["arguments"] = text;
                yield return Event("response.function_call_arguments.done", ("name", (string)item["name"]!), ("arguments", text));
                break;
        }

        yield return new JsonObject { ["type"] = "response.output_item.done", ["output_index"] = document.Output.Count, ["item"] = item.DeepClone() };
        document.Output.Add((JsonNode)item);
        _open = null;
    }

    private IEnumerable<JsonObject> Begin(string type)
    {
        if ((string?)_open?["type"] == type)
        {
            return [];
        }

        var item = type == ItemDocuments.Message
            ? new JsonObject
            {
                ["id"] = ItemId.At(document.Id, ItemPlace.Reply, _messages++).With("msg"),
                ["type"] = ItemDocuments.Message,
                ["status"] = "in_progress",
                ["role"] = ChatMessage.Assistant,
                ["content"] = new JsonArray(),
            }
            : new JsonObject
            {
                ["id"] = ItemId.At(document.Id, ItemPlace.Reasoning, _thoughts++).With("rs"),
                ["type"] = ItemDocuments.Reasoning,
                ["status"] = "in_progress",
                ["summary"] = new JsonArray(),
                ["content"] = new JsonArray(),
            };
        return Close().Concat(Open(item)).Concat(FirstPart(type));
    }

    private IEnumerable<JsonObject> Open(JsonObject item)
    {
        _open = item;
        _text.Clear();
        yield return new JsonObject { ["type"] = "response.output_item.added", ["output_index"] = document.Output.Count, ["item"] = item.DeepClone() };
    }

    private IEnumerable<JsonObject> FirstPart(string type)
    {
        yield return type == ItemDocuments.Message ? Part("response.content_part.added", ("part", ItemDocuments.OutputText("")))
            : document.TellsSummary ? Summary("response.reasoning_summary_part.added", ("part", ItemDocuments.SummaryText("")))
            : Part("response.content_part.added", ("part", ItemDocuments.ReasoningText("")));
    }

    private JsonObject Summary(string type, params ReadOnlySpan<(string Name, JsonNode Value)> members)
    {
        var e = Event(type, members);
        e["summary_index"] = 0;
        return e;
    }

    private JsonObject Part(string type, params ReadOnlySpan<(string Name, JsonNode Value)> members)
    {
        var e = Event(type, members);
        e["content_index"] = 0;
        return e;
    }

    private JsonObject Event(string type, params ReadOnlySpan<(string Name, JsonNode Value)> members)
    {
        var e = new JsonObject { ["type"] = type, ["item_id"] = (string?)_open?["id"], ["output_index"] = document.Output.Count };
        foreach (var (name, value) in members)
        {
            e[name] = value;
        }

        return e;
    }
}

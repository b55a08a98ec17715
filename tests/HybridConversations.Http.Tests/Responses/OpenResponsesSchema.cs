using System.Text.Json;

namespace HybridConversations.Http.Tests.Responses;

/// <summary>
/// What the published schemas of Open Responses (schema/*.tsp of openresponses/openresponses, read in November 2026) demand of what a server sends: each member that must be there and its kinds.
/// Members beyond them are allowed.
/// </summary>
internal static class OpenResponsesSchema
{
    private const string Text = "text";
    private const string Number = "number";

    // NAME:KIND or NAME:KIND,KIND, where "none" is null.
    private const string Response = """
        id:text object:text created_at:number completed_at:number,none status:text incomplete_details:map,none model:text previous_response_id:text,none instructions:text,none output:list
        error:map,none tools:list tool_choice:text,map truncation:text parallel_tool_calls:flag text:map top_p:number presence_penalty:number frequency_penalty:number top_logprobs:number
        temperature:number reasoning:map,none usage:map,none max_output_tokens:number,none max_tool_calls:number,none store:flag background:flag service_tier:text metadata:map
        safety_identifier:text,none prompt_cache_key:text,none
        """;

    private const string Usage = "input_tokens:number output_tokens:number total_tokens:number input_tokens_details.cached_tokens:number output_tokens_details.reasoning_tokens:number";

    private const string InContent = "item_id output_index content_index";
    private const string InSummary = "item_id output_index summary_index";

    private static readonly Dictionary<string, string> Items = new()
    {
        ["message"] = "id:text status:text role:text content:list",
        ["function_call"] = "id:text call_id:text name:text arguments:text status:text",
        ["function_call_output"] = "id:text call_id:text output:text,list status:text",
        ["reasoning"] = "id:text summary:list",
    };

    private static readonly Dictionary<string, string> Parts = new()
    {
        ["output_text"] = "text:text annotations:list logprobs:list",
        ["input_text"] = "text:text",
        ["summary_text"] = "text:text",
        ["reasoning_text"] = "text:text",
    };

    // The specification calls thoughts that are told "response.reasoning.delta"; OpenAI's own API and clients "response.reasoning_text.delta", and so do we.
    private static readonly Dictionary<string, string> Events = new()
    {
        ["response.created"] = "response",
        ["response.in_progress"] = "response",
        ["response.completed"] = "response",
        ["response.failed"] = "response",
        ["response.incomplete"] = "response",
        ["response.output_item.added"] = "output_index item",
        ["response.output_item.done"] = "output_index item",
        ["response.content_part.added"] = $"{InContent} part",
        ["response.content_part.done"] = $"{InContent} part",
        ["response.output_text.delta"] = $"{InContent} delta",
        ["response.output_text.done"] = $"{InContent} text",
        ["response.reasoning_text.delta"] = $"{InContent} delta",
        ["response.reasoning_text.done"] = $"{InContent} text",
        ["response.reasoning_summary_part.added"] = $"{InSummary} part",
        ["response.reasoning_summary_part.done"] = $"{InSummary} part",
        ["response.reasoning_summary_text.delta"] = $"{InSummary} delta",
        ["response.reasoning_summary_text.done"] = $"{InSummary} text",
        ["response.function_call_arguments.delta"] = "item_id output_index delta",
        ["response.function_call_arguments.done"] = "item_id output_index arguments",
    };

    private static readonly string[] Numbers = ["output_index", "content_index", "summary_index"];

    public static void CheckResponse(JsonElement response)
    {
        Check("response", response, Response);
        Assert.Equal("response", response.GetProperty("object").GetString());
        Assert.Contains(response.GetProperty("status").GetString(), (string[])["queued", "in_progress", "completed", "incomplete", "failed", "cancelled"]);
        Assert.Equal(JsonValueKind.String, response.GetProperty("text").GetProperty("format").GetProperty("type").ValueKind);
        if (response.GetProperty("usage") is { ValueKind: JsonValueKind.Object } usage)
        {
            Check("usage", usage, Usage);
        }

        foreach (var item in response.GetProperty("output").EnumerateArray())
        {
            CheckItem(item);
        }
    }

    public static void CheckItem(JsonElement item)
    {
        var type = item.GetProperty("type").GetString()!;
        Check(type, item, Items[type]);
        foreach (var name in (string[])["content", "summary"])
        {
            foreach (var part in item.TryGetProperty(name, out var parts) ? parts.EnumerateArray().ToArray() : [])
            {
                CheckPart(part);
            }
        }
    }

    public static void CheckEvent(string name, JsonElement data, int number)
    {
        Assert.Equal((name, number), (data.GetProperty("type").GetString(), data.GetProperty("sequence_number").GetInt32()));
        foreach (var member in Events[name].Split(' '))
        {
            Assert.True(data.TryGetProperty(member, out var value), $"{name} lacks {member}.");
            switch (member)
            {
                case "response":
                    CheckResponse(value);
                    break;
                case "item":
                    CheckItem(value);
                    break;
                case "part":
                    CheckPart(value);
                    break;
                default:
                    Assert.Equal((name, member, Numbers.Contains(member) ? Number : Text), (name, member, KindOf(value)));
                    break;
            }
        }
    }

    private static void CheckPart(JsonElement part)
    {
        var type = part.GetProperty("type").GetString()!;
        Check(type, part, Parts[type]);
    }

    private static void Check(string what, JsonElement element, string members)
    {
        foreach (var member in members.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            var (path, kinds) = (member.Split(':')[0], member.Split(':')[1]);
            var value = path.Split('.').Aggregate(element, (at, name) => at.TryGetProperty(name, out var inside) ? inside : throw new Xunit.Sdk.XunitException($"{what} lacks {path}."));
            Assert.True(kinds.Split(',').Contains(KindOf(value)), $"{what}.{path} is {KindOf(value)}, not {kinds}.");
        }
    }

    private static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Text,
        JsonValueKind.Number => Number,
        JsonValueKind.True or JsonValueKind.False => "flag",
        JsonValueKind.Array => "list",
        JsonValueKind.Object => "map",
        _ => "none",
    };
}

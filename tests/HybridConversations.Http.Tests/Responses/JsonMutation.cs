using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HybridConversations.Http.Tests.Responses;

/// <summary>Changes a body as a faulty client might: members left out, doubled, of another type, deep, huge, or no JSON at all. Seeded.</summary>
internal sealed partial class JsonMutation(int seed)
{
    private static readonly string[] Values =
    [
        "null", "true", "-1", "0", "1e308", "1e400", "0.5", "99999999999999999999", "\"\"", "\" \"", "\"\\u0000\"", "\"\\ud800\"", "\"😀\"", "\"x\"", "[]", "{}", "[null]", "[[]]", "{\"type\":7}",
        "{\"type\":\"message\"}", "{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":[]}", "{\"type\":\"item_reference\",\"id\":\"msg_xAAAA.e9\"}", "\"resp_xYQBi\"", "\"resp_\"",
        "\"resp_00000000000000000000000000000000ffffffffffffffff\"", "\"conv_0\"", "\"../..\"", "\"none\"", "\"required\"", "[{\"role\":\"user\",\"content\":\"\"}]", "[{\"role\":\"tool\",\"content\":\"x\"}]",
    ];

    private readonly Random _random = new(seed);

    public byte[] Of(string json)
    {
        var node = JsonNode.Parse(json)!;
        for (var times = _random.Next(1, 4); times > 0; times--)
        {
            Change(node);
        }

        var bytes = Encoding.UTF8.GetBytes(Marks().Replace(node.ToJsonString(), mark => Values[int.Parse(mark.Groups[1].ValueSpan, CultureInfo.InvariantCulture)]));
        switch (_random.Next(12))
        {
            case 0:
                bytes[_random.Next(bytes.Length)] = (byte)_random.Next(256);
                break;
            case 1:
                bytes = bytes[.._random.Next(bytes.Length)];
                break;
            case 2:
                bytes = Encoding.UTF8.GetBytes($"{new string('[', 70)}{json}{new string(']', 70)}");
                break;
        }

        return bytes;
    }

    private void Change(JsonNode root)
    {
        var objects = new List<JsonObject>();
        var arrays = new List<JsonArray>();
        Collect(root, objects, arrays);
        if (arrays.Count > 0 && _random.Next(4) == 0)
        {
            var array = arrays[_random.Next(arrays.Count)];
            array.Insert(_random.Next(array.Count + 1), Value());
            return;
        }

        var from = objects[_random.Next(objects.Count)];
        var name = from.Count == 0 || _random.Next(8) == 0 ? "member" : from.ElementAt(_random.Next(from.Count)).Key;
        switch (_random.Next(5))
        {
            case 0:
                from.Remove(name);
                break;
            case 1:
                from[name] = new string('x', _random.Next(1, 300_000));
                break;
            case 2:
                from[name] = new JsonArray([.. Enumerable.Range(0, _random.Next(1, 200)).Select(_ => (JsonNode)Value())]);
                break;
            default:
                from[name] = Value();
                break;
        }
    }

    /// <summary>Stands for a value that may be no JSON, until the text is written.</summary>
    private JsonValue Value() => JsonValue.Create($"@@{_random.Next(Values.Length)}@@");

    [GeneratedRegex("\"@@([0-9]+)@@\"")]
    private static partial Regex Marks();

    private static void Collect(JsonNode? node, List<JsonObject> objects, List<JsonArray> arrays)
    {
        switch (node)
        {
            case JsonObject o:
                objects.Add(o);
                foreach (var (_, child) in o)
                {
                    Collect(child, objects, arrays);
                }

                break;
            case JsonArray a:
                arrays.Add(a);
                foreach (var child in a)
                {
                    Collect(child, objects, arrays);
                }

                break;
        }
    }
}

using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Http.Tests.Requests;

/// <summary>Bodies of every address, broken at random by a fixed seed: whatever is sent, it is answered, never by a fault, and never by a line <c>fail:</c> in the log.</summary>
public sealed class MutatedBodyTests
{
    private const int Mutations = 250;

    private static readonly string[] Values =
    [
        "null", "true", "-1", "0", "1e999", "1.5", "99999999999999999999", "\"\"", "\"x\"", "\"\\u0000\"", "\"@half@\"", "[]", "[[]]", "[null]", "[1]", "{}", "{\"a\":{\"a\":{}}}",
        "\"auto\"", "[{\"type\":\"function\"}]", "[{\"type\":\"text\"}]", "{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{\"type\":7}}}", "{\"role\":\"user\"}",
    ];

    [Theory]
    [InlineData("/v1/chat/completions", """{"messages":[{"role":"user","content":[{"type":"text","text":"x"}]},{"role":"assistant","content":null,"tool_calls":[{"id":"1","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"1","content":"y"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"tool_choice":"auto","n":2,"logit_bias":{"1":5},"stream_options":{"include_usage":true},"stop":["a"],"response_format":{"type":"json_object"},"max_tokens":5,"reasoning_effort":"low","logprobs":true,"top_logprobs":2}""")]
    [InlineData("/v1/completions", """{"prompt":["a","b"],"n":2,"echo":true,"max_tokens":5,"stop":"x","suffix":null,"logit_bias":{},"grammar":"root ::= \"a\"","stream":true}""")]
    [InlineData("/v1/responses", """{"input":[{"role":"user","content":[{"type":"input_text","text":"x"}]}],"tools":[{"type":"function","name":"f","parameters":{}}],"tool_choice":{"type":"function","name":"f"},"text":{"format":{"type":"text"}},"reasoning":{"effort":"low"},"store":true,"max_output_tokens":20}""")]
    [InlineData("/v1/embeddings", """{"input":["x"],"model":"m"}""")]
    [InlineData("/api/chat", """{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{}}}]},{"role":"tool","tool_name":"f","content":"y"}],"tools":[{"type":"function","function":{"name":"f","parameters":{}}}],"options":{"num_predict":5,"stop":["x"],"seed":3},"format":"json","think":"low","keep_alive":"5m","stream":false}""")]
    [InlineData("/api/generate", """{"prompt":"x","system":"y","raw":false,"options":{"temperature":1},"format":{"type":"object"},"keep_alive":0}""")]
    [InlineData("/api/show", """{"model":"scripted-model"}""")]
    [InlineData("/tokenize", """{"content":"x","add_special":true,"with_pieces":true}""")]
    [InlineData("/detokenize", """{"tokens":[65,66]}""")]
    [InlineData("/conversations/c1/turns", """{"turnId":"t1","text":"x","received":3,"tools":[{"name":"f","parameters":{}}],"toolChoice":{"name":"f"},"toolResults":[{"callId":"c","content":"y"}],"stop":["x"],"jsonSchema":{"type":"object"},"priority":"voice","logitBias":{"1":1}}""")]
    [InlineData("/conversations/c1/interrupt", """{"turnId":"t1","heard":"x"}""")]
    [InlineData("/conversations/c1/listen", """{"text":"x","speculate":true}""")]
    public async Task Whatever_is_sent_is_answered(string path, string body)
    {
        await using var server = await TestServer.Start();
        var random = new Random(path.Length);
        for (var round = 0; round < Mutations; round++)
        {
            var bytes = Mutated(body, random);
            using var content = new ByteArrayContent(bytes);
            content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
            using var response = await server.Http.PostAsync(path, content);
            var text = await response.Content.ReadAsStringAsync();
            Assert.True((int)response.StatusCode < 500 || response.StatusCode == HttpStatusCode.NotImplemented, $"{(int)response.StatusCode} for {Encoding.UTF8.GetString(bytes)}: {text}");
        }

        Assert.DoesNotContain(server.Log.Entries, entry => entry.Level >= LogLevel.Error);
        Assert.DoesNotContain(server.Log.Entries, entry => entry.Message.Any(character => char.IsControl(character) && character is not ('\n' or '\r')));
    }

    private static byte[] Mutated(string body, Random random)
    {
        if (random.Next(3) > 0)
        {
            // A value somewhere becomes another one, or a member is added.
            var root = JsonNode.Parse(body)!;
            var nodes = Nodes(root).ToList();
            switch (nodes[random.Next(nodes.Count)])
            {
                case JsonObject target:
                    target[target.Count > 0 && random.Next(4) > 0 ? target.ElementAt(random.Next(target.Count)).Key : "odd\u001b\nname"] = Value(random);
                    break;
                case JsonArray { Count: > 0 } target:
                    target[random.Next(target.Count)] = Value(random);
                    break;
            }

            // Half a pair cannot be written by a JSON library, so it is put in afterwards.
            return Encoding.UTF8.GetBytes(root.ToJsonString().Replace("@half@", "\\ud800", StringComparison.Ordinal));
        }

        var bytes = Encoding.UTF8.GetBytes(body);
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private static JsonNode? Value(Random random)
    {
        var text = Values[random.Next(Values.Length)];
        try
        {
            return JsonNode.Parse(text);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<JsonNode> Nodes(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Nodes(member.Value)).Prepend(members),
        JsonArray items => items.SelectMany(Nodes).Prepend(items),
        _ => [],
    };
}

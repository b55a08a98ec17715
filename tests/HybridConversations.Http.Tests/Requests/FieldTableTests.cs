using System.Text.Json;
using System.Text.Json.Nodes;
using HybridConversations.Http.Conversations;
using HybridConversations.Http.LlamaServer;
using HybridConversations.Http.Ollama;
using HybridConversations.Http.OpenAi;
using HybridConversations.Http.Requests;
using HybridConversations.Tests.Common;

namespace HybridConversations.Http.Tests.Requests;

/// <summary>What a client asks for and does not get is said: every field of every table, asked of the server itself, and compared with the docs.</summary>
public sealed class FieldTableTests
{
    private const string ChatBody = """{"messages":[{"role":"user","content":"x"}]}""";

    /// <summary>Address, a body that is answered, the table of its fields.</summary>
    private static (string Path, string Body, FieldTable Table)[] Endpoints { get; } =
    [
        ("/v1/chat/completions", ChatBody, ChatCompletionFields.Table),
        ("/v1/completions", """{"prompt":"x"}""", CompletionFields.Table),
        ("/api/chat", ChatBody, OllamaFields.Chat),
        ("/api/generate", """{"prompt":"x"}""", OllamaFields.Generate),
        ("/conversations/c1/turns", """{"turnId":"t","text":"x"}""", TurnFields.Table),
        ("/tokenize", """{"content":"x"}""", LlamaServerFields.Tokenize),
        ("/detokenize", """{"tokens":[65]}""", LlamaServerFields.Detokenize),
    ];

    public static TheoryData<string> Paths => [.. Endpoints.Select(endpoint => endpoint.Path)];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Every_supported_field_is_read_and_null_is_the_same_as_absent(string path)
    {
        await using var server = await TestServer.Start();
        var (_, body, table) = Endpoint(path);
        var asked = JsonNode.Parse(body)!.AsObject();
        foreach (var name in Names(table, FieldUse.Supported).Where(name => !asked.ContainsKey(name)))
        {
            asked[name] = null;
        }

        using var response = await server.Post(path, asked.ToJsonString());
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        Assert.False(response.Headers.Contains(UnknownMembers.Header));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_field_that_would_change_the_answer_is_refused_by_name_unless_it_asks_for_nothing(string path)
    {
        await using var server = await TestServer.Start();
        var (_, body, table) = Endpoint(path);
        foreach (var group in table.Groups.Where(group => group.Use == FieldUse.Refused))
        {
            foreach (var name in group.Names)
            {
                using var refused = await server.Post(path, With(body, name, """{"a":1}"""));
                Assert.Equal((400, true), ((int)refused.StatusCode, (await refused.Content.ReadAsStringAsync()).Contains($"{name}: is not supported: ", StringComparison.Ordinal)));
                foreach (var neutral in (string[])["null", "false", "[]", "{}", "\"\"", .. group.Neutral])
                {
                    using var taken = await server.Post(path, With(body, name, neutral));
                    Assert.True(taken.IsSuccessStatusCode, $"{name}: {neutral}: {await taken.Content.ReadAsStringAsync()}");
                    Assert.False(taken.Headers.Contains(UnknownMembers.Header));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task What_is_passed_over_is_named_in_the_answer(string path)
    {
        await using var server = await TestServer.Start();
        var (_, body, table) = Endpoint(path);
        foreach (var name in Names(table, FieldUse.Ignored).Append("no_such_thing"))
        {
            using var response = await server.Post(path, With(body, name, "17.5"));
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
            Assert.Equal(name, response.Headers.GetValues(UnknownMembers.Header).Single());
        }

        foreach (var name in Names(table, FieldUse.NoEffect))
        {
            using var response = await server.Post(path, With(body, name, "\"x\""));
            Assert.True(response.IsSuccessStatusCode);
            Assert.False(response.Headers.Contains(UnknownMembers.Header), name);
        }
    }

    [Fact]
    public async Task Options_of_ollama_have_their_own_table()
    {
        await using var server = await TestServer.Start();
        using var response = await server.Post("/api/chat", With(ChatBody, "options", """{"num_ctx":8192,"repeat_penalty":1.1,"mirostat":2,"mirostat_tau":1,"odd \n name":5,"seed":null}"""));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        Assert.Equal("options.mirostat, options.odd???name", response.Headers.GetValues(UnknownMembers.Header).Single());
        Assert.Equal(1.1, Assert.Single(server.Machine.Model.Requests).Sampling.RepeatPenalty);
    }

    [Fact]
    public void The_docs_have_every_table()
    {
        var docs = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "clients.md"));
        foreach (var table in Endpoints.Where(endpoint => endpoint.Table != TurnFields.Table).Select(endpoint => endpoint.Table).Append(OllamaFields.Options))
        {
            Assert.Contains(table.ToMarkdown(), docs);
        }

        var turns = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "http-api.md"));
        Assert.All(Names(TurnFields.Table, FieldUse.Supported), name => Assert.Contains($"`{name}`", turns));
    }

    private static (string Path, string Body, FieldTable Table) Endpoint(string path) => Endpoints.Single(endpoint => endpoint.Path == path);

    private static IEnumerable<string> Names(FieldTable table, FieldUse use) => table.Groups.Where(group => group.Use == use).SelectMany(group => group.Names);

    private static string With(string body, string name, string value)
    {
        var asked = JsonNode.Parse(body)!.AsObject();
        asked[name] = JsonNode.Parse(value);
        return asked.ToJsonString(JsonSerializerOptions.Web);
    }
}

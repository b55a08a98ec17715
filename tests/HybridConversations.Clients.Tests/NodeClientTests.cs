using HybridConversations.Tests.Common;

namespace HybridConversations.Clients.Tests;

/// <summary>The clients of OpenAI and Ollama for JavaScript, with nothing changed but the address.</summary>
public sealed class NodeClientTests
{
    [SkippableFact]
    public async Task OpenAi_speaks_responses_over_http()
    {
        using var folder = new TemporaryFolder();
        await using var server = await TestServer.Start(machine: new ScriptedMachine(folder.Path));
        var seen = await NodeClients.Run("openai-responses.mjs", server.Address);
        Assert.Equal("""["response.created","response.in_progress","response.output_item.added","response.content_part.added","response.output_text.delta","response.output_text.delta","response.output_text.done","response.content_part.done","response.output_item.done","response.completed"]""", seen.GetProperty("types").GetRawText());
        Assert.Equal(("one two", "three", "three", "three", "400 previous_response_not_found"), (Text("text"), Text("next"), Text("read"), Text("input"), Text("code")));
        Assert.Equal(["one two", "one two", "three"], server.Machine.Model.Requests.Last().Messages.Select(message => message.Content));

        string? Text(string name) => seen.GetProperty(name).GetString();
    }

    [SkippableFact]
    public async Task OpenAi_keeps_conversations_of_items()
    {
        using var folder = new TemporaryFolder();
        await using var server = await TestServer.Start(machine: new ScriptedMachine(folder.Path));
        var seen = await NodeClients.Run("openai-conversations.mjs", server.Address);
        Assert.Equal("""{"answer":"two","items":["one","uno","two","two"],"topic":"other","item":"three","deleted":true,"gone":404}""", seen.GetRawText().Trim());
        Assert.Equal(["one", "uno", "two"], server.Machine.Model.Requests.Last().Messages.Select(message => message.Content));
    }

    [SkippableFact]
    public async Task OpenAi_speaks_responses_over_a_web_socket()
    {
        using var folder = new TemporaryFolder();
        await using var server = await TestServer.Start(machine: new ScriptedMachine(folder.Path));
        var seen = await NodeClients.Run("openai-socket.mjs", server.Address);
        Assert.Equal("""["one two","three"]""", seen.GetProperty("texts").GetRawText());
        Assert.Equal(["one two", "one two", "three"], server.Machine.Model.Requests.Last().Messages.Select(message => message.Content));
    }

    [SkippableFact]
    public async Task Ollama_lists_shows_chats_and_is_told_what_is_not_there()
    {
        await using var server = await TestServer.Start();
        var seen = await NodeClients.Run("ollama-chat.mjs", server.Address);
        Assert.Equal(("scripted-model:latest", "one two", "stop", "three"), (Text("model"), Text("text"), Text("done"), Text("whole")));
        Assert.Contains("embedding", Text("error"));
        Assert.Equal(1, seen.GetProperty("running").GetInt32());

        string? Text(string name) => seen.GetProperty(name).GetString();
    }
}

using OllamaSharp;
using OllamaSharp.Models;
using OllamaSharp.Models.Chat;

namespace HybridConversations.Clients.Tests;

/// <summary>OllamaSharp, the .NET client of Ollama, with nothing changed but the address.</summary>
public sealed class OllamaSharpTests
{
    [Fact]
    public async Task It_lists_shows_and_chats()
    {
        await using var server = await TestServer.Start();
        using var client = new OllamaApiClient(server.Address);
        Assert.True(await client.IsRunningAsync());
        Assert.NotNull(await client.GetVersionAsync());
        var model = Assert.Single(await client.ListLocalModelsAsync());
        Assert.Equal("scripted-model:latest", model.Name);
        Assert.Equal(model.Name, Assert.Single(await client.ListRunningModelsAsync()).Name);
        Assert.Contains("completion", (await client.ShowModelAsync(new ShowModelRequest { Model = model.Name })).Capabilities!);
        client.SelectedModel = model.Name;

        var text = "";
        await foreach (var piece in client.ChatAsync(new ChatRequest { Model = model.Name, Messages = [new Message(ChatRole.User, "one two three")] }))
        {
            text += piece?.Message.Content;
        }

        Assert.Equal("one two three", text);
        text = "";
        await foreach (var piece in client.GenerateAsync("four five"))
        {
            text += piece?.Response;
        }

        Assert.Equal("four five", text);
    }

    [Fact]
    public async Task It_reads_calls()
    {
        await using var server = await TestServer.Start();
        server.Machine.Model.Reply = (_, _) => Calls();
        using var client = new OllamaApiClient(server.Address, "scripted-model:latest");
        var tool = new Tool { Function = new Function { Name = "weather", Description = "The weather.", Parameters = new Parameters { Properties = new() { ["city"] = new Property { Type = "string" } } } } };
        var calls = new List<Message.ToolCall>();
        await foreach (var piece in client.ChatAsync(new ChatRequest { Model = "scripted-model:latest", Messages = [new Message(ChatRole.User, "weather?")], Tools = [tool] }))
        {
            calls.AddRange(piece?.Message.ToolCalls ?? []);
        }

        var call = Assert.Single(calls).Function!;
        Assert.Equal(("weather", "Oslo"), (call.Name, call.Arguments!["city"]?.ToString()));
        Assert.Equal("weather", Assert.Single(Assert.Single(server.Machine.Model.Requests).Tools).Name);
    }

    private static async IAsyncEnumerable<DeviceEvent> Calls()
    {
        await Task.Yield();
        yield return new DeviceToolCall(0, "call_1", "weather");
        yield return new DeviceToolArguments(0, """{"city":"Oslo"}""", IsEnd: true);
        yield return HybridConversations.Tests.Common.Scripted.ScriptedModelDevice.Finished(9);
    }
}

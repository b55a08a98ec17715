using System.ClientModel;
using OpenAI.Responses;

#pragma warning disable OPENAI001 // The client calls this API experimental.

namespace HybridConversations.Http.Tests.Responses;

/// <summary>OpenAI's client for .NET, with nothing changed but the address.</summary>
public sealed class OpenAiResponsesClientTests
{
    [Fact]
    public async Task It_creates_streams_goes_on_reads_and_deletes()
    {
        await using var stored = await StoredServer.Start();
        var client = new ResponsesClient(new ApiKeyCredential("none"), new ResponsesClientOptions { Endpoint = new Uri(stored.Server.Address, "/v1") });
        var first = (await client.CreateResponseAsync(Options("one two"))).Value;
        Assert.Equal(("one two", ResponseStatus.Completed), (first.GetOutputText(), first.Status!.Value));

        var next = Options("three");
        next.PreviousResponseId = first.Id;
        next.StreamingEnabled = true;
        var text = "";
        string? id = null;
        await foreach (var update in await client.CreateResponseStreamingAsync(next))
        {
            text += (update as StreamingResponseOutputTextDeltaUpdate)?.Delta;
            id = (update as StreamingResponseCompletedUpdate)?.Response.Id ?? id;
        }

        Assert.Equal("three", text);
        Assert.Equal(["user one two", "assistant one two", "user three"], stored.Shown());
        Assert.Equal("three", (await client.GetResponseAsync(id!)).Value.GetOutputText());
        await client.DeleteResponseAsync(id!);
        await Assert.ThrowsAsync<ClientResultException>(() => client.GetResponseAsync(id!));
    }

    private static CreateResponseOptions Options(string text)
    {
        var options = new CreateResponseOptions { Model = "any" };
        options.InputItems.Add(ResponseItem.CreateUserMessageItem(text));
        return options;
    }
}

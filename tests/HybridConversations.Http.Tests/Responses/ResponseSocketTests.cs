using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HybridConversations.Tests.Common;
using HybridConversations.Tests.Common.Scripted;

namespace HybridConversations.Http.Tests.Responses;

public sealed class ResponseSocketTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_whole_conversation_runs_over_one_connection()
    {
        await using var stored = await StoredServer.Start();
        var server = stored.Server;
        using var socket = await Connect(server);
        await socket.Say("""{"type":"response.create","model":"m","input":"one two"}""");
        var first = await ReadResponse(socket);
        Assert.Equal(("response.created", "response.completed"), (Type(first[0]), Type(first[^1])));
        await socket.Say($$"""{"type":"response.create","input":"three","previous_response_id":"{{first[^1].GetProperty("response").GetProperty("id")}}"}""");
        Assert.Equal("response.completed", Type((await ReadResponse(socket))[^1]));
        Assert.Equal(["one two", "one two", "three"], server.Machine.Model.Requests.Last().Messages.Select(message => message.Content));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WaitAsync(Patience);
    }

    [Fact]
    public async Task A_barge_in_frees_the_device_and_the_next_goes_on_with_what_was_heard()
    {
        await using var stored = await StoredServer.Start();
        var server = stored.Server;
        server.Machine.Model.Reply = (_, stop) => Endless(stop);
        using var socket = await Connect(server);
        await socket.Say("""{"type":"response.create","input":"tell me"}""");
        var seen = new List<JsonElement>();
        do
        {
            seen.Add(await Receive(socket));
        }
        while (Type(seen[^1]) != "response.output_text.delta");
        await socket.Say("""{"type":"response.cancel","heard":"Once upon"}""");
        seen.AddRange(await ReadResponse(socket));
        Assert.Equal("response.incomplete", Type(seen[^1]));
        Assert.True(await server.Machine.Model.Cancelled.WaitAsync(Patience));
        server.Machine.Model.Reply = ScriptedModelDevice.Echo;
        await socket.Say($$"""{"type":"response.create","input":"and then?","previous_response_id":"{{seen[0].GetProperty("response").GetProperty("id")}}"}""");
        await ReadResponse(socket);
        Assert.Equal(["tell me", "Once upon", "and then?"], server.Machine.Model.Requests.Last().Messages.Select(message => message.Content));
    }

    [Fact]
    public async Task Whoever_has_the_last_event_may_ask_for_the_next_at_once()
    {
        await using var stored = await StoredServer.Start();
        using var socket = await Connect(stored.Server);
        for (var i = 0; i < 100; i++)
        {
            // Some are refused after they began: an error is a last event, too.
            await socket.Say(i % 3 == 0 ? """{"type":"response.create","input":"x","conversation":"nowhere"}""" : """{"type":"response.create","input":"one"}""");
            JsonElement e;
            do
            {
                e = await Receive(socket);
            }
            while (Type(e) is not ("response.completed" or "error"));
            Assert.Equal(i % 3 == 0 ? "error" : "response.completed", Type(e));
            Assert.Equal(i % 3 == 0 ? "not-found" : null, Type(e) == "error" ? e.GetProperty("error").GetProperty("code").GetString() : null);
        }
    }

    [Fact]
    public async Task What_is_not_stored_goes_on_as_long_as_the_connection_stands()
    {
        await using var stored = await StoredServer.Start();
        string? id;
        using (var socket = await Connect(stored.Server))
        {
            await socket.Say("""{"type":"response.create","input":"one","store":false,"instructions":"Be brief."}""");
            id = Id(await ReadResponse(socket));
            await socket.Say($$"""{"type":"response.create","input":"two","store":false,"previous_response_id":"{{id}}"}""");
            id = Id(await ReadResponse(socket));
            Assert.Equal(["user one", "assistant one", "user two"], stored.Shown());

            // One that is stored may go on from it: what was said comes with it.
            await socket.Say($$"""{"type":"response.create","input":"three","previous_response_id":"{{id}}"}""");
            await ReadResponse(socket);
            Assert.Equal(["user one", "assistant one", "user two", "assistant two", "user three"], stored.Shown());
        }

        using var other = await Connect(stored.Server);
        await other.Say($$"""{"type":"response.create","input":"x","store":false,"previous_response_id":"{{id}}"}""");
        Assert.Equal("previous_response_not_found", (await Receive(other)).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task What_was_heard_of_a_reply_that_is_whole_is_told_afterwards()
    {
        await using var stored = await StoredServer.Start();
        using var socket = await Connect(stored.Server);
        await socket.Say("""{"type":"response.create","input":"one two three four"}""");
        var id = Id(await ReadResponse(socket));
        await socket.Say("""{"type":"response.cancel","heard":"one two"}""");
        await socket.Say($$"""{"type":"response.create","input":"and?","previous_response_id":"{{id}}"}""");
        await ReadResponse(socket);
        Assert.Equal(["user one two three four", "assistant one two", "user and?"], stored.Shown());
    }

    [Fact]
    public async Task A_client_that_leaves_frees_the_device()
    {
        await using var stored = await StoredServer.Start();
        var server = stored.Server;
        server.Machine.Model.Reply = (_, stop) => Endless(stop);
        using (var socket = await Connect(server))
        {
            await socket.Say("""{"type":"response.create","input":"tell me"}""");
            await Receive(socket);
            socket.Abort();
        }

        Assert.True(await server.Machine.Model.Cancelled.WaitAsync(Patience));
    }

    [Theory]
    [InlineData("""{"type":"response.create","input":"x","previous_response_id":"resp_gone"}""", "previous_response_not_found")]
    [InlineData("""{"type":"response.create"}""", "invalid-request")]
    [InlineData("""{"type":"session.update"}""", "invalid-request")]
    [InlineData("""{"type":"response.create","input":"\ud800"}""", "invalid-request")]
    [InlineData("no json", "invalid-request")]
    [InlineData("[]", "invalid-request")]
    public async Task Errors_are_events_and_the_connection_stays(string message, string code)
    {
        await using var stored = await StoredServer.Start();
        var server = stored.Server;
        using var socket = await Connect(server);
        await socket.Say(message);
        var error = await Receive(socket);
        Assert.Equal(("error", code), (Type(error), error.GetProperty("error").GetProperty("code").GetString()));
        await socket.Say("""{"type":"response.cancel"}""");
        await socket.Say("""{"type":"response.create","input":"still there?"}""");
        Assert.Equal("response.completed", Type((await ReadResponse(socket))[^1]));
    }

    [Fact]
    public async Task One_response_at_a_time()
    {
        await using var stored = await StoredServer.Start();
        var server = stored.Server;
        server.Machine.Model.Reply = (_, stop) => Endless(stop);
        using var socket = await Connect(server);
        await socket.Say("""{"type":"response.create","input":"one"}""");
        await Receive(socket);
        await socket.Say("""{"type":"response.create","input":"two"}""");
        JsonElement e;
        do
        {
            e = await Receive(socket);
        }
        while (Type(e) != "error");
        Assert.Equal("response_in_progress", e.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_foreign_page_cannot_connect()
    {
        await using var stored = await StoredServer.Start();
        var server = stored.Server;
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", "https://evil.example");
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(Address(server), CancellationToken.None));
    }

    private static Uri Address(TestServer server) => new UriBuilder(new Uri(server.Address, "/v1/responses")) { Scheme = "ws" }.Uri;

    private static async Task<ClientWebSocket> Connect(TestServer server)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(Address(server), CancellationToken.None).WaitAsync(Patience);
        return socket;
    }

    private static async Task<JsonElement> Receive(ClientWebSocket socket) =>
        JsonElement.Parse(await socket.Hear() ?? throw new InvalidOperationException("The server has closed the connection."));

    private static async Task<List<JsonElement>> ReadResponse(ClientWebSocket socket)
    {
        var events = new List<JsonElement>();
        do
        {
            events.Add(await Receive(socket));
        }
        while (Type(events[^1]) is not ("response.completed" or "response.incomplete" or "response.failed"));
        return events;
    }

    private static string? Id(List<JsonElement> events) => events[^1].GetProperty("response").GetProperty("id").GetString();

    private static string? Type(JsonElement e) => e.GetProperty("type").GetString();

    private static async IAsyncEnumerable<DeviceEvent> Endless([EnumeratorCancellation] CancellationToken stop)
    {
        yield return new DeviceText("Once upon a time ");
        await Task.Delay(Timeout.Infinite, stop);
    }
}

using System.Net;
using System.Text.Json;
using HybridConversations.Conversations;
using HybridConversations.Http.Doors;
using HybridConversations.Http.Hosting;
using HybridConversations.Http.Keys;
using HybridConversations.InProcess;
using HybridConversations.Routing;
using HybridConversations.Storage;
using HybridConversations.Tests.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace HybridConversations.Http.Tests.Keys;

/// <summary>Two tenants over real conversations in a real store; one tries to get at the other's.</summary>
public sealed class TenantTests : IAsyncLifetime, IMachine, IFleet
{
    private readonly TemporaryFolder _folder = new();
    private readonly ScriptedDevice _device = new("d1") { Script = request => [$"You said {request.Messages[^1].Content}."] };
    private readonly (string Key, ApiKey Kept) _acme = KeySecret.Make("a", KeyRole.Talk, "acme", DateTimeOffset.UnixEpoch);
    private readonly (string Key, ApiKey Kept) _umbra = KeySecret.Make("u", KeyRole.Admin, "umbra", DateTimeOffset.UnixEpoch);
    private readonly (string Key, ApiKey Kept) _plain = KeySecret.Make("d", KeyRole.Talk, Tenants.Default, DateTimeOffset.UnixEpoch);
    private readonly (string Key, ApiKey Kept) _operator = KeySecret.Make("o", KeyRole.Admin, ApiKey.AllTenants, DateTimeOffset.UnixEpoch);
    private SqliteConversationStore _store = null!;
    private InProcessConversations _conversations = null!;
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public IConversations Conversations => _conversations;
    public IConversationArchive Archive => _conversations;
    public IDevice Device => _device;
    public IFleet Fleet => this;

    public async ValueTask<FleetView> View(CancellationToken cancellationToken = default) => new([await _device.Status(cancellationToken)], [new EscalationStatus("azure", true, null, 12, 34, 0)]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public async Task InitializeAsync()
    {
        _store = SqliteConversationStore.OpenFolder(new SqliteStoreOptions { Folder = _folder.Path });
        _conversations = new InProcessConversations(_store, new ConversationServices { Devices = new SingleDevicePicker(_device), Memories = new SingleDeviceMemory(_device), Router = new LocalRouter() });
        _app = HttpServer.Build(["http://127.0.0.1:0"], new HttpLimits(), new DoorOptions(), (_, _) => Task.FromResult<IMachine>(this), _ => { },
            keys: new KeyOptions { Fixed = [_acme.Kept, _umbra.Kept, _plain.Kept, _operator.Kept] });
        await _app.StartAsync();
        await _app.Services.GetRequiredService<MachineHost>().Started;
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _conversations.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task One_id_is_two_conversations_and_neither_tenant_learns_of_the_others()
    {
        await Say(_acme.Key, "kitchen", "acme's secret");
        await Say(_umbra.Key, "kitchen", "umbra's");
        await Say(_umbra.Key, "cellar", "umbra's too");
        await Say(_plain.Key, "attic", "nobody's");
        Assert.Equal(["kitchen"], await List(_acme.Key));
        Assert.Equal(["cellar", "kitchen"], await List(_umbra.Key));
        Assert.Equal(["attic"], await List(_plain.Key));
        Assert.Equal(["attic", "umbra∕cellar", "umbra∕kitchen", "acme∕kitchen"], await List(_operator.Key));
        Assert.Contains("acme's secret", await Body(HttpMethod.Get, _acme.Key, "/conversations/kitchen"));
        Assert.DoesNotContain("secret", await Body(HttpMethod.Get, _umbra.Key, "/conversations/kitchen"));
        Assert.Empty(await List(_umbra.Key, "words=secret"));
        Assert.Contains("acme's secret", await Body(HttpMethod.Get, _operator.Key, "/conversations/" + Uri.EscapeDataString("acme∕kitchen")));
    }

    [Fact]
    public async Task What_is_anothers_is_answered_as_what_does_not_exist()
    {
        await Say(_acme.Key, "bedroom", "good night");
        foreach (var id in new[] { "bedroom", "acme∕bedroom", "acme%2Fbedroom", "..%2Facme%2Fbedroom", "acme%E2%88%95bedroom", "umbra∕../acme∕bedroom" })
        {
            var path = "/conversations/" + id;
            var nothing = "/conversations/" + id.Replace("bedroom", "nowhere", StringComparison.Ordinal);
            foreach (var (method, rest) in new[] { (HttpMethod.Get, ""), (HttpMethod.Delete, ""), (HttpMethod.Post, "/interrupt") })
            {
                var (status, body) = await Answer(method, _umbra.Key, path + rest);
                var (expected, other) = await Answer(method, _umbra.Key, nothing + rest);
                Assert.Equal((method, path, expected), (method, path, status));
                Assert.Equal(other.Replace("nowhere", "bedroom", StringComparison.Ordinal), body);
            }
        }

        Assert.Contains("good night", await Body(HttpMethod.Get, _acme.Key, "/conversations/bedroom"));
    }

    [Fact]
    public async Task Responses_and_items_are_their_tenants_alone()
    {
        var (status, body) = await Answer(HttpMethod.Post, _acme.Key, "/v1/responses", """{"model":"m","input":"my secret","store":true}""");
        Assert.Equal(HttpStatusCode.OK, status);
        var id = JsonElement.Parse(body).GetProperty("id").GetString()!;
        Assert.Equal(HttpStatusCode.OK, (await Answer(HttpMethod.Get, _acme.Key, "/v1/responses/" + id)).Status);
        await Say(_acme.Key, "diary", "dear diary");
        Assert.Equal(HttpStatusCode.OK, (await Answer(HttpMethod.Get, _acme.Key, "/v1/conversations/diary/items")).Status);
        foreach (var path in new[] { "/v1/responses/" + id, $"/v1/responses/{id}/input_items", "/v1/conversations/diary", "/v1/conversations/diary/items", "/v1/conversations/acme%E2%88%95diary/items" })
        {
            var (refused, told) = await Answer(HttpMethod.Get, _umbra.Key, path);
            Assert.True((int)refused is 400 or 404, $"{path} answered {refused}.");
            Assert.DoesNotContain("secret", told);
            Assert.DoesNotContain("dear", told);
        }

        var (follow, _) = await Answer(HttpMethod.Post, _umbra.Key, "/v1/responses", $$"""{"model":"m","input":"what did I say?","previous_response_id":"{{id}}"}""");
        Assert.True((int)follow is 400 or 404, $"Going on from another's response answered {follow}.");
        Assert.Equal(HttpStatusCode.NotFound, (await Answer(HttpMethod.Delete, _umbra.Key, "/v1/conversations/diary")).Status);
        Assert.Contains("dear diary", await Body(HttpMethod.Get, _acme.Key, "/conversations/diary"));
    }

    [Fact]
    public async Task Pages_of_a_list_carry_nothing_of_others_in_their_cursors()
    {
        for (var i = 0; i < 6; i++)
        {
            await Say(_acme.Key, $"a{i}", "x");
            await Say(_umbra.Key, $"u{i}", "x");
        }

        var seen = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = JsonElement.Parse(await Body(HttpMethod.Get, _umbra.Key, $"/conversations?limit=2{(cursor is null ? "" : "&cursor=" + cursor)}"));
            seen.AddRange(page.GetProperty("conversations").EnumerateArray().Select(line => line.GetProperty("id").GetString()!));
            cursor = page.GetProperty("next").GetString();
            if (cursor is null)
            {
                break;
            }

            Assert.DoesNotContain("acme", System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(cursor)));
        }

        Assert.Equal(["u5", "u4", "u3", "u2", "u1", "u0"], seen);
    }

    [Fact]
    public async Task The_key_says_whose_turn_it_is_and_nobody_sees_what_others_spend()
    {
        var (status, body) = await Answer(HttpMethod.Post, _acme.Key, "/conversations/k/turns", """{"turnId":"1","text":"hi","tenant":"umbra"}""");
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("another tenant", body);
        Assert.Empty(await List(_umbra.Key));
        foreach (var path in new[] { "/fleet", "/fleet/watch" })
        {
            Assert.DoesNotContain("azure", await Body(HttpMethod.Get, _umbra.Key, path));
        }

        Assert.Contains("azure", await Body(HttpMethod.Get, _operator.Key, "/fleet"));
    }

    private async Task Say(string key, string id, string text)
    {
        var (status, body) = await Answer(HttpMethod.Post, key, $"/conversations/{id}/turns", JsonSerializer.Serialize(new { turnId = "1", text }));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("event: completed", body);
    }

    private async Task<List<string>> List(string key, string query = "") =>
        [.. JsonElement.Parse(await Body(HttpMethod.Get, key, "/conversations?" + query)).GetProperty("conversations").EnumerateArray().Select(line => line.GetProperty("id").GetString()!)];

    private async Task<string> Body(HttpMethod method, string key, string path) => (await Answer(method, key, path)).Body;

    private async Task<(HttpStatusCode Status, string Body)> Answer(HttpMethod method, string key, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path) { Headers = { { "Authorization", $"Bearer {key}" } } };
        request.Content = json is null ? null : new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}

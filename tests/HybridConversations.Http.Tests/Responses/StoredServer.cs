using System.Text.Json;
using HybridConversations.Tests.Common;
using HybridConversations.Tests.Common.Scripted;

namespace HybridConversations.Http.Tests.Responses;

/// <summary>The real web server over real, stored conversations of a scripted device; it can be ended and started again.</summary>
internal sealed class StoredServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestServer[] _server = new TestServer[1];

    public TestServer Server => _server[0];

    public ScriptedModelDevice Model => Server.Machine.Model;

    public static async Task<StoredServer> Start(HttpLimits? limits = null)
    {
        var stored = new StoredServer();
        stored._server[0] = await TestServer.Start(limits, machine: new ScriptedMachine(stored._folder.Path));
        return stored;
    }

    /// <summary>Ends it and starts it again over what is stored.</summary>
    public async Task Restart()
    {
        await Server.DisposeAsync();
        _server[0] = await TestServer.Start(machine: new ScriptedMachine(_folder.Path));
    }

    public async Task<JsonElement> Post(string path, string body)
    {
        using var response = await Server.Post(path, body);
        return await Json(response);
    }

    public async Task<JsonElement> Get(string path)
    {
        using var response = await Server.Http.GetAsync(path);
        return await Json(response);
    }

    public async Task<JsonElement> Delete(string path)
    {
        using var response = await Server.Http.DeleteAsync(path);
        return await Json(response);
    }

    /// <summary>The messages that the device was shown last.</summary>
    public IEnumerable<string> Shown() => Model.Requests.Last().Messages.Select(message => $"{message.Role} {message.Content}");

    public static async Task<JsonElement> Json(HttpResponseMessage response) => JsonElement.Parse(await response.Content.ReadAsStringAsync());

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}

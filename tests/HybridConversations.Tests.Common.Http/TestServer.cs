using System.Text;
using HybridConversations.Http;
using HybridConversations.Http.Doors;
using HybridConversations.Http.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Tests.Common.Http;

/// <summary>The real web server on a port of its own, over a <see cref="ScriptedMachine"/>.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestServer(WebApplication app, ScriptedMachine machine, ListLoggerProvider log)
    {
        (_app, Machine, Log) = (app, machine, log);
        Address = new Uri(app.Urls.First());
        Http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(30) };
    }

    public ScriptedMachine Machine { get; }
    public ListLoggerProvider Log { get; }
    public Uri Address { get; }
    public HttpClient Http { get; }
    public IServiceProvider Services => _app.Services;

    public static async Task<TestServer> Start(HttpLimits? limits = null, DoorOptions? doors = null, Func<CancellationToken, Task>? loading = null, ScriptedMachine? machine = null)
    {
        machine ??= new ScriptedMachine();
        var log = new ListLoggerProvider();
        var app = HttpServer.Build(["http://127.0.0.1:0"], limits ?? new HttpLimits(), doors ?? new DoorOptions(), Load, logging => logging.AddProvider(log));
        await app.StartAsync();
        var server = new TestServer(app, machine, log);
        if (loading is null)
        {
            await app.Services.GetRequiredService<MachineHost>().Started;
        }

        return server;

        async Task<IMachine> Load(ILoggerFactory loggers, CancellationToken cancellationToken)
        {
            if (loading is not null)
            {
                await loading(cancellationToken);
            }

            return machine;
        }
    }

    public Task<HttpResponseMessage> Post(string path, string json) => Http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));

    /// <summary>Sends, and returns as soon as the answer's head is there.</summary>
    public Task<HttpResponseMessage> PostStreaming(string path, string json, CancellationToken cancellationToken = default) => Http.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") }, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    public Task Stop() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

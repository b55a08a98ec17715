using System.Text;
using HybridConversations.Cloud;
using HybridConversations.Escalations;
using HybridConversations.Escalations.Ledger;
using HybridConversations.Escalations.Ledger.Sqlite;
using HybridConversations.Escalations.Settings;
using HybridConversations.Tests.Common;
using HybridConversations.Tests.Common.MisbehavingCloud;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Tests.Escalations;

/// <summary>An escalation with a real SDK, a real ledger and a real server that misbehaves on command.</summary>
internal sealed class CloudFixture : IAsyncDisposable
{
    /// <summary>A key that no text holds by chance.</summary>
    public const string Key = "sk-test-Zq7XvB2mLw9RkT4nYc6HdJ8sPf3GaE5u";

    private readonly TemporaryFolder _folder = new();

    private CloudFixture(MisbehavingServer server, CloudOptions options, TimeProvider time)
    {
        Server = server;
        Options = options;
        Ledger = new SqliteCostLedger(_folder.Path, Logs.For<SqliteCostLedger>());
        Model = new OpenAiCloudModel(options, options.Authentication == CloudAuthentication.Key ? new Secret(Key) : null, time);
        Escalation = new Escalation(options, Model, Ledger, time, Logs.For<Escalation>(), seed: 1);
    }

    public MisbehavingServer Server { get; }
    public CloudOptions Options { get; }
    public SqliteCostLedger Ledger { get; }
    public OpenAiCloudModel Model { get; }
    public Escalation Escalation { get; }
    public RecordedLogs Logs { get; } = new();
    public string DataFolder => _folder.Path;

    public static async Task<CloudFixture> Start(Func<CloudOptions, CloudOptions>? change = null, TimeProvider? time = null, bool tls = false)
    {
        var server = await MisbehavingServer.Start(tls);
        var options = new CloudOptions
        {
            Name = "test-cloud",
            Kind = CloudKind.Compatible,
            BaseAddress = server.BaseAddress,
            Model = "big-model",
            Prices = new CloudPrices { Input = 2.5m, CachedInput = 1.25m, Output = 10m },
            Retry = new CloudRetry { BaseDelayMs = 1, MaxDelayMs = 2 },
        };
        return new CloudFixture(server, change?.Invoke(options) ?? options, time ?? TimeProvider.System);
    }

    public static EscalationRequest Request(string text = "How do tides work?", string tenant = "default", string conversation = "c1", SamplingOptions? sampling = null, int? deadlineMs = null) =>
        new(conversation, tenant, [new ChatMessage(ChatMessage.System, "Be brief."), new ChatMessage(ChatMessage.User, text)], sampling ?? new SamplingOptions(), deadlineMs);

    public async Task<(string Text, EscalationFinished Finished)> Ask(EscalationRequest? request = null, Action<string>? heard = null, CancellationToken cancellationToken = default)
    {
        var text = new StringBuilder();
        EscalationFinished? finished = null;
        await foreach (var e in Escalation.Ask(request ?? Request(), cancellationToken))
        {
            Assert.Null(finished);
            if (e is EscalationText piece)
            {
                text.Append(piece.Text);
                heard?.Invoke(text.ToString());
            }
            else
            {
                finished = (EscalationFinished)e;
            }
        }

        return (text.ToString(), finished ?? throw new InvalidOperationException("No finish event came."));
    }

    public async Task<Problem> Fail(EscalationRequest? request = null) =>
        (await Assert.ThrowsAsync<ProblemException>(() => Ask(request))).Problem;

    /// <summary>The tries on record, oldest first.</summary>
    public async Task<IReadOnlyList<LedgerTry>> Tries() => [.. (await Ledger.Tries(100_000)).Reverse()];

    public async Task<LedgerTry> OnlyTry() => Assert.Single(await Tries());

    public async ValueTask DisposeAsync()
    {
        Model.Dispose();
        await Ledger.DisposeAsync();
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>Everything that was logged, as one would read it.</summary>
internal sealed class RecordedLogs : ILoggerFactory
{
    private readonly StringBuilder _text = new();

    public string Text
    {
        get
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }

    public ILogger<T> For<T>() => new Logger<T>(this);

    public ILogger CreateLogger(string categoryName) => new Recorder(_text);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private sealed class Recorder(StringBuilder text) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (text)
            {
                text.Append(logLevel).Append(' ').Append(formatter(state, exception)).Append(' ').Append(exception).Append('\n');
            }
        }
    }
}

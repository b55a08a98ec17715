using Azure.Core;
using HybridConversations.Escalations;
using HybridConversations.Escalations.Ledger;
using HybridConversations.Escalations.Ledger.Sqlite;
using HybridConversations.Escalations.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Cloud;

/// <summary>A cloud endpoint ready for use: its settings judged, its key found, its ledger open.</summary>
public sealed class CloudEscalation : IAsyncDisposable
{
    private readonly OpenAiCloudModel _model;
    private readonly bool _ownsLedger;

    private readonly EscalationGauges _gauges;

    private CloudEscalation(Escalation escalation, OpenAiCloudModel model, ICostLedger ledger, bool ownsLedger, EscalationGauges gauges) =>
        (Escalation, _model, Ledger, _ownsLedger, _gauges) = (escalation, model, ledger, ownsLedger, gauges);

    /// <summary>The escalation over the endpoint.</summary>
    public ILocalEscalation Escalation { get; }

    /// <summary>What it has cost.</summary>
    public ICostLedger Ledger { get; }

    /// <summary>Throws <see cref="ProblemException"/> with every error in one message, or when the ledger cannot be opened.</summary>
    /// <param name="options">The endpoint.</param>
    /// <param name="dataFolder">Where <c>ledger.db</c> is.</param>
    /// <param name="logs">Null for none.</param>
    /// <param name="time">Null for the system's.</param>
    /// <param name="environment">A variable's value; null: the process's own.</param>
    /// <param name="credential">For Entra ID; null: DefaultAzureCredential.</param>
    /// <param name="ledger">Shared with other endpoints, and the caller's to dispose; null: one of its own in the data folder.</param>
    public static CloudEscalation Create(CloudOptions options, string dataFolder, ILoggerFactory? logs = null, TimeProvider? time = null,
        Func<string, string?>? environment = null, TokenCredential? credential = null, ICostLedger? ledger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        logs ??= NullLoggerFactory.Instance;
        var errors = CloudOptionsValidator.Errors(options).ToList();
        var key = CloudKeys.Find(options, errors, environment);
        CloudOptionsValidator.ThrowAny(errors);
        var ownsLedger = ledger is null;
        ledger ??= new SqliteCostLedger(dataFolder, logs.CreateLogger<SqliteCostLedger>());
        var model = new OpenAiCloudModel(options, key, time, credential);
        var escalation = new Escalation(options, model, ledger, time, logs.CreateLogger<Escalation>());
        return new CloudEscalation(escalation, model, ledger, ownsLedger, new EscalationGauges(escalation, options));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _gauges.Dispose();
        _model.Dispose();
        if (_ownsLedger)
        {
            await Ledger.DisposeAsync();
        }
    }
}

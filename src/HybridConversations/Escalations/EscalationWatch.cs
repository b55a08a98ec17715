using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using HybridConversations.Escalations.Settings;
using HybridConversations.Observability;

namespace HybridConversations.Escalations;

/// <summary>Follows the calls of an endpoint to their end: the client's histograms of the GenAI conventions, what they cost, and a span each.</summary>
internal sealed class EscalationWatch(CloudOptions options, TimeProvider time)
{
    private static readonly Histogram<double> Duration = Meters.Seconds("gen_ai.client.operation.duration", "Time of a call of the cloud, tries and waits included.", GenAi.DurationBounds);
    private static readonly Histogram<long> Tokens = Meters.Recorded.CreateHistogram(
        "gen_ai.client.token.usage", "{token}", "Tokens of a call of the cloud.", tags: null,
        new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576] });
    private static readonly Counter<double> Cost = Meters.Recorded.CreateCounter<double>("hc.cloud.cost", "{money}", "Money that calls of the cloud have cost, by tenant.");
    private static readonly Counter<long> Calls = Meters.Recorded.CreateCounter<long>("hc.cloud.calls", "{call}", "Calls of the cloud that ended, by how.");

    private readonly string _provider = options.Kind switch
    {
        CloudKind.OpenAI => "openai",
        CloudKind.Azure => "azure.ai.openai",
        _ => "openai_compatible",
    };

    /// <summary>The events of a call, as they are.</summary>
    public async IAsyncEnumerable<EscalationEvent> Over(EscalationRequest request, IAsyncEnumerable<EscalationEvent> answer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var span = Spans.Begin($"{GenAi.Chat} {options.Model}", ActivityKind.Client, request.TraceParent);
        span?.SetTag(GenAi.Operation, GenAi.Chat).SetTag(GenAi.Provider, _provider).SetTag(GenAi.RequestModel, options.Model).SetTag(GenAi.Stream, true)
            .SetTag(GenAi.Conversation, request.ConversationId).SetTag(GenAi.Endpoint, options.Name).SetTag("server.address", options.Address.Host).SetTag("server.port", options.Address.Port);
        var began = time.GetTimestamp();
        await foreach (var e in WatchedStream.Over(answer, (last, error) => End(span, request.Tenant, last as EscalationFinished, error, time.GetElapsedTime(began)), cancellationToken))
        {
            yield return e;
        }
    }

    private void End(Activity? span, string tenant, EscalationFinished? finished, Exception? error, TimeSpan elapsed)
    {
        var outcome = error is null or OperationCanceledException
            ? finished is null ? "cancelled" : GenAi.Name(finished.FinishReason)
            : Spans.KindOf(error);
        var tags = new TagList { { GenAi.Operation, GenAi.Chat }, { GenAi.Provider, _provider }, { GenAi.RequestModel, options.Model }, { GenAi.Endpoint, options.Name } };
        Calls.Add(1, new(GenAi.Endpoint, options.Name), new(GenAi.Outcome, outcome));
        if (finished is not null)
        {
            Tokens.Record(finished.PromptTokens, [.. tags, new(GenAi.TokenType, "input")]);
            Tokens.Record(finished.CompletionTokens, [.. tags, new(GenAi.TokenType, "output")]);
            Cost.Add((double)finished.Cost, new(GenAi.Endpoint, options.Name), new(GenAi.Tenant, tenant), new("hc.currency", options.Prices.Currency));
            span?.SetTag(GenAi.FinishReasons, new[] { outcome }).SetTag(GenAi.InputTokens, finished.PromptTokens).SetTag(GenAi.OutputTokens, finished.CompletionTokens)
                .SetTag(GenAi.CachedTokens, finished.CachedTokens).SetTag("hc.cloud.cost", (double)finished.Cost);
        }

        if (error is not null and not OperationCanceledException)
        {
            tags.Add(GenAi.ErrorType, outcome);
            span.Fail(error);
        }

        Duration.Record(elapsed.TotalSeconds, tags);
    }
}

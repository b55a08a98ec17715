using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using HybridConversations.Inference.Engine;
using HybridConversations.Observability;

namespace HybridConversations.Devices.Telemetry;

/// <summary>Follows a device's replies from the request to their end: counts, latencies, the server's histograms of the GenAI conventions, and a span each with the engine's steps below it.</summary>
internal sealed class ReplyWatch(string deviceId, string model, ReplyMeter meter, TimeProvider time)
{
    private static readonly Histogram<double> Duration = Meters.Seconds("gen_ai.server.request.duration", "Time of a request to the model.", GenAi.DurationBounds);
    private static readonly Histogram<double> FirstToken = Meters.Seconds("gen_ai.server.time_to_first_token", "Time to the first token, queue and prompt included.", GenAi.FirstTokenBounds);
    private static readonly Histogram<double> Token = Meters.Seconds("gen_ai.server.time_per_output_token", "Mean time of a token after the first.", GenAi.TokenBounds);
    private static readonly Histogram<double> Queued = Meters.Seconds("hc.engine.queue.duration", "Time that a request waited for the engine.", GenAi.FirstTokenBounds);
    private static readonly Counter<long> Reused = Meters.Recorded.CreateCounter<long>("hc.kv.reused", "{token}", "Prompt tokens whose KV was there already, by where it was.");
    private static readonly Counter<long> Read = Meters.Recorded.CreateCounter<long>("hc.kv.read", "{token}", "Prompt tokens of replies that had to be read.");
    private static readonly Counter<long> Objective = Meters.Recorded.CreateCounter<long>("hc.slo.replies", "{reply}", "Replies that somebody waited for, and whether their first token came in time.");

    /// <summary>The events of a reply, as they are.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="answer">Makes the reply under a span.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async IAsyncEnumerable<DeviceEvent> Over(DeviceRequest request, Func<Activity?, IAsyncEnumerable<DeviceEvent>> answer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var span = Begin(request);
        var began = time.GetTimestamp();
        await foreach (var e in WatchedStream.Over(answer(span), End, cancellationToken))
        {
            yield return e;
        }

        void End(DeviceEvent? last, Exception? error)
        {
            if (last is DeviceFinished finished && error is null)
            {
                Ended(span, request, finished);
            }
            else
            {
                BrokeOff(span, request, error, time.GetElapsedTime(began));
            }
        }
    }

    /// <summary>Spans of what the engine did: waiting, reading, writing, with the numbers of its steps.</summary>
    public void Steps(Activity? span, GenerationResult result)
    {
        if (span is null)
        {
            return;
        }

        var begun = time.GetUtcNow() - TimeSpan.FromMilliseconds(result.Timings.TotalMs);
        var (queued, first, end) = (result.Timings.QueuedMs, Math.Max(result.Timings.QueuedMs, result.Timings.FirstTokenMs), result.Timings.TotalMs);
        Part("engine.queue", 0, queued)?.Dispose();
        using var read = Part("engine.read", queued, first);
        read?.SetTag("hc.engine.steps", result.Steps.Reading).SetTag("hc.engine.first_step", result.Steps.First)
            .SetTag("hc.tokens.read", result.Usage.ReadTokens).SetTag("hc.tokens.reused", result.Usage.ReusedTokens);
        using var write = Part("engine.write", first, end);
        write?.SetTag("hc.engine.steps", result.Steps.Writing).SetTag("hc.engine.last_step", result.Steps.Last).SetTag("hc.tokens.generated", result.Usage.CompletionTokens);

        Activity? Part(string name, double from, double to)
        {
            var part = Spans.Begin(name, ActivityKind.Internal, span.Id, begun + TimeSpan.FromMilliseconds(from));
            part?.SetEndTime((begun + TimeSpan.FromMilliseconds(to)).UtcDateTime);
            return part;
        }
    }

    private Activity? Begin(DeviceRequest request)
    {
        var span = Spans.Begin($"{GenAi.Chat} {model}", ActivityKind.Internal, request.TraceParent);
        return span?.SetTag(GenAi.Operation, GenAi.Chat).SetTag(GenAi.Provider, GenAi.Here).SetTag(GenAi.RequestModel, model).SetTag(GenAi.Stream, true)
            .SetTag(GenAi.Conversation, request.ConversationId).SetTag("hc.device", deviceId).SetTag(GenAi.Priority, GenAi.Name(request.Priority));
    }

    private void Ended(Activity? span, DeviceRequest request, DeviceFinished finished)
    {
        var (usage, timings) = (finished.Usage, finished.Timings);
        bool? inTime = request.Priority == TurnPriority.Background ? null : meter.IsInTime(timings);
        meter.Ended(usage, timings, inTime);
        var tags = Tags(request);
        Duration.Record(timings.TotalMs / 1000, tags);
        FirstToken.Record(timings.FirstTokenMs / 1000, tags);
        Queued.Record(timings.QueuedMs / 1000, tags);
        if (usage.CompletionTokens > 1)
        {
            Token.Record((timings.TotalMs - timings.FirstTokenMs) / 1000 / (usage.CompletionTokens - 1), tags);
        }

        if (inTime is { } kept)
        {
            Objective.Add(1, new(GenAi.Priority, GenAi.Name(request.Priority)), new("hc.slo.kept", kept));
        }

        Read.Add(usage.ReadTokens);
        if (usage.Reused is { } reused)
        {
            AddReused("resident", reused.Resident);
            AddReused("parked", reused.Parked);
            AddReused("snapshot", reused.Snapshot);
            AddReused("shared_prefix", reused.SharedPrefix);
        }

        span?.SetTag(GenAi.ResponseModel, model).SetTag(GenAi.FinishReasons, new[] { GenAi.Name(finished.FinishReason) }).SetTag(GenAi.FirstChunk, timings.FirstTokenMs / 1000)
            .SetTag(GenAi.InputTokens, usage.PromptTokens).SetTag(GenAi.OutputTokens, usage.CompletionTokens).SetTag(GenAi.CachedTokens, usage.ReusedTokens);
    }

    private void BrokeOff(Activity? span, DeviceRequest request, Exception? error, TimeSpan elapsed)
    {
        var outcome = meter.BrokeOff(error);
        var tags = Tags(request);
        tags.Add(GenAi.ErrorType, outcome == ReplyMeter.Cancelled ? outcome : Spans.KindOf(error!));
        Duration.Record(elapsed.TotalSeconds, tags);
        span?.SetTag(GenAi.Outcome, outcome);
        if (outcome != ReplyMeter.Cancelled)
        {
            span.Fail(error!);
        }
    }

    private TagList Tags(DeviceRequest request) => new()
    {
        { GenAi.Operation, GenAi.Chat }, { GenAi.Provider, GenAi.Here }, { GenAi.RequestModel, model }, { GenAi.ResponseModel, model }, { GenAi.Priority, GenAi.Name(request.Priority) },
    };

    private static void AddReused(string tier, int tokens) => Reused.Add(tokens, new KeyValuePair<string, object?>("hc.kv.tier", tier));
}

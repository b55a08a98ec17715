using System.Diagnostics;
using System.Runtime.CompilerServices;
using HybridConversations.Devices.Telemetry;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.Grammar;
using HybridConversations.Inference.Replies;
using HybridConversations.Inference.Sampling;
using HybridConversations.Inference.Templates;
using HybridConversations.Inference.Text;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Devices;

/// <summary>This machine as a device: turns conversations into prompts for its engine, and the engine's bytes into events.</summary>
public sealed partial class LocalDevice : IDevice, IYieldingDevice, ITokenizer
{
    private readonly InferenceEngine _engine;
    private readonly DeviceOptions _options;
    private readonly ModelDefaults _defaults;
    private readonly PromptRenderer _renderer;
    private readonly ContextWindow _window;
    private readonly SystemPrefix _system;
    private readonly Drafts _drafts;
    private readonly ReplyPlan _replies;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _startedAt;
    private readonly int _conversationTokens;
    private readonly IReadOnlyList<string> _ends;
    private readonly ReplyMeter _meter;
    private readonly ReplyWatch _watch;
    private readonly SensorReader _sensors;

    /// <summary>A device over an engine of this process.</summary>
    public LocalDevice(InferenceEngine engine, DeviceOptions options, TimeProvider time)
    {
        _engine = engine;
        _options = options;
        _defaults = options.Defaults ?? ModelDefaults.For(engine.Backend.Info.ModelHash);
        _renderer = new PromptRenderer(engine.Backend);
        _ends = [.. _renderer.Template.Ends.Where(end => !_renderer.IsEnd(end))];
        _window = new ContextWindow(engine.Backend, _renderer);
        _system = new SystemPrefix(_renderer);
        _replies = new ReplyPlan(engine, _renderer);
        _drafts = new Drafts(engine, _renderer, _system, time);
        _time = time;
        _meter = new ReplyMeter(time, options.FirstTokenTargetMs);
        _watch = new ReplyWatch(options.DeviceId, options.ModelName ?? engine.Backend.Info.ModelName, _meter, time);
        _sensors = new SensorReader(time, options.SystemRoot);
        _startedAt = time.GetUtcNow();
        var share = options.ConversationTokens > 0 ? options.ConversationTokens : Math.Max(1024, engine.Backend.Info is { HasSeparateStreams: true } divided ? divided.CellsPerSequence : engine.Backend.Info.Cells / 2);
        _conversationTokens = Math.Min(share, engine.SequenceLimit);
    }

    /// <summary>Its name in the fleet.</summary>
    public string Id => _options.DeviceId;

    /// <summary>What the model is used with where a turn says nothing.</summary>
    public ModelDefaults Defaults => _defaults;

    /// <summary>Gets ready for the first turns. Whoever calls it disposes what it returns before the engine.</summary>
    /// <param name="systemPrompts">System prompts that are kept ready, beside the model's default and those that were used most before the last restart.</param>
    /// <param name="logger">Told what is ready.</param>
    public WarmUp WarmUp(IReadOnlyList<string> systemPrompts, ILogger logger) =>
        Devices.WarmUp.Start(_engine, [.. systemPrompts.Prepend(_defaults.SystemPrompt).Select(prompt => _system.Tokens(Asking(new ChatMessage(ChatMessage.System, prompt))))], _time, logger);

    /// <inheritdoc/>
    public IAsyncEnumerable<DeviceEvent> Generate(DeviceRequest request, CancellationToken cancellationToken = default) =>
        _watch.Over(request, span => Answer(request, span, cancellationToken), cancellationToken);

    private async IAsyncEnumerable<DeviceEvent> Answer(DeviceRequest request, Activity? span, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (prepared, dropped) = Prepare(request);
        var asked = _time.GetTimestamp();
        var generation = await _drafts.Adopt(prepared) ?? _engine.Submit(prepared);
        var reader = request.RawPrompt is null ? _replies.Reader(request, prepared.Prompt) : null;
        await foreach (var piece in generation.ReadAsync(cancellationToken))
        {
            foreach (var e in reader is null ? [piece] : Read(reader, piece))
            {
                yield return e;
            }
        }

        foreach (var e in reader?.End() ?? [])
        {
            yield return e;
        }

        var result = await generation.Completion;
        _watch.Steps(span, result);
        var reason = result.FinishReason == FinishReason.Stop && reader is { Calls: > 0 } ? FinishReason.ToolCalls : result.FinishReason;
        yield return new DeviceFinished(_options.DeviceId, reason, result.Usage, Since(asked, generation, result.Timings), dropped);
    }

    /// <summary>The log probabilities of a piece go with its text; those of thoughts and calls are not told.</summary>
    private static IEnumerable<DeviceEvent> Read(IReplyReader reader, DeviceText piece)
    {
        var logProbs = piece.LogProbs;
        foreach (var e in reader.Read(piece.Text))
        {
            yield return e is DeviceText text ? text with { LogProbs = logProbs } : e;
            logProbs = e is DeviceText ? null : logProbs;
        }
    }

    /// <inheritdoc/>
    public Task Listen(DeviceRequest draft, bool speculate, CancellationToken cancellationToken = default)
    {
        var key = draft.ConversationId ?? throw new ProblemException(ProblemCodes.InvalidRequest("Only a conversation can listen."));
        if (draft.Messages[^1].Content.Length == 0)
        {
            _drafts.TakeBack(key);
        }
        else
        {
            _drafts.Replace(key, Input(draft), speculate ? Prepare(draft).Request : null);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Forget(string conversationId, CancellationToken cancellationToken = default)
    {
        _drafts.TakeBack(conversationId);
        return _engine.Forget(conversationId);
    }

    /// <inheritdoc/>
    public void Yield(TimeSpan time) => _engine.Truce.Ask(time);

    /// <inheritdoc/>
    public ValueTask<DeviceStatus> Status(CancellationToken cancellationToken = default) => ValueTask.FromResult(Look());

    /// <summary>How it is now.</summary>
    internal DeviceStatus Look()
    {
        var (status, info, scheduler) = (_engine.Status, _engine.Backend.Info, _engine.Options.Scheduler);
        return new DeviceStatus
        {
            DeviceId = _options.DeviceId,
            State = status.Failed ? DeviceState.Failed : status.HangingSince is null ? DeviceState.Ready : DeviceState.Hanging,
            HangingSince = status.HangingSince,
            Model = new ModelStatus(_options.ModelName ?? info.ModelName, info.ModelHash, info.Description, info.ModelBytes, info.TrainedContext),
            Load = new DeviceLoad(status.Running, status.Waiting, scheduler.QueueLimit, status.Sequences, info.MaxSequences,
                status.KvCellsUsed, info.Cells, status.PromptBacklogTokens),
            Profile = status.TokensGenerated == 0 ? null
                : new DeviceProfile(status.DecodeStepMs, 1000 / status.PrefillTokenMs, 1000 / Math.Max(0.001, status.DecodeStepMs)),
            Listening = _drafts.Status,
            Work = _meter.Count(new DeviceWork(status.TokensGenerated, status.TokensRead, status.Steps, status.TokensDrafted, status.DraftsAccepted, 0, 0, 0, 0, 0)),
            Recent = _meter.Recent(),
            Tiers = new KvTierStatus(status.ParkedStates, status.ParkedBytes, status.HostBytes),
            Sensors = _sensors.Read(),
            Yielding = _engine.Truce.MillisecondsLeft is not null,
            SystemPrompt = _defaults.SystemPrompt,
            StartedAt = _startedAt,
        };
    }

    /// <summary>A reply begun before its turn came counts from the turn on.</summary>
    private TurnTimings Since(long asked, Generation generation, TurnTimings timings)
    {
        var ahead = Math.Max(0, _time.GetElapsedTime(generation.AcceptedAt, asked).TotalMilliseconds);
        return new TurnTimings(Math.Max(0, timings.FirstTokenMs - ahead), Math.Max(0, timings.TotalMs - ahead), Math.Max(0, timings.QueuedMs - ahead));
    }

    /// <summary>What the template gets: the caller's messages, behind the model's default system prompt where they bring none.</summary>
    private ChatInput Input(DeviceRequest request)
    {
        ChatMessage[] system = request.Messages.Any(message => message.Role == ChatMessage.System) ? [] : [new ChatMessage(ChatMessage.System, _defaults.SystemPrompt)];
        return Asking([.. system, .. request.Messages]) with
        {
            Tools = request.ToolChoice.Mode == ToolChoiceMode.None ? [] : request.Tools,
            Date = Local(request.Date),
            Thinking = Thinking(request),
            Effort = request.Reasoning.Effort is { } effort && effort != "none" ? effort == "minimal" ? "low" : effort : null,
            Variables = request.TemplateVariables,
        };
    }

    /// <summary>A conversation is spoken and does not think unless asked to; nor does a reply whose form is fixed from its first token on.</summary>
    private static bool? Thinking(DeviceRequest request) => request.Reasoning switch
    {
        { Enabled: { } enabled } => enabled,
        { Effort: { } effort } => effort != "none",
        { BudgetTokens: { } tokens } => tokens > 0,
        _ when request.ConversationId is not null || request.ToolChoice.Mode == ToolChoiceMode.Required || request.Sampling is { Grammar: not null } or { JsonSchema: not null } => false,
        _ => null,
    };

    private ChatInput Asking(params IReadOnlyList<ChatMessage> messages) => new(messages) { Date = Local(null), Thinking = false };

    private DateTimeOffset Local(DateTimeOffset? date) => TimeZoneInfo.ConvertTime(date ?? _time.GetUtcNow(), _time.LocalTimeZone);

    private (GenerationRequest Request, int Dropped) Prepare(DeviceRequest request)
    {
        if (request.Messages.Count == 0 && request.RawPrompt is null)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest("messages must hold one message at least."));
        }

        var isRaw = request.RawPrompt is not null;
        var input = isRaw ? null : Input(request);
        var limit = request.ConversationId is null ? _engine.SequenceLimit : _conversationTokens;
        var maxTokens = Math.Min(request.Sampling.MaxTokens ?? DefaultLimit(request), limit - 1);
        var room = limit - Math.Min(maxTokens, limit / 4);
        var (prompt, dropped) = isRaw ? (_renderer.Raw(request.RawPrompt!), 0) : request.ConversationId is null ? (_renderer.Render(input!), 0) : _window.Fit(input!, room);
        var prepared = new GenerationRequest
        {
            Key = request.ConversationId,
            Tenant = request.Tenant,
            Prompt = prompt,
            Private = request.Private,
            SharedTokens = isRaw ? 0 : _system.LengthIn(prompt, input!),
            MaxTokens = maxTokens == 0 ? 0 : Math.Clamp(limit - prompt.Tokens.Length, 1, maxTokens),
            Sampling = Settle(request.Sampling),
            Reproducible = IsReproducible(request),
            Stop = request.Sampling.Stop,
            Ends = _ends,
            Grammar = GrammarOf(request.Sampling) is { } gbnf ? _engine.CompileGrammar(gbnf) : null,
            Priority = request.Priority,
            DeadlineMs = request.DeadlineMs,
        };
        return (isRaw ? prepared : _replies.Plan(prepared, request), dropped);
    }

    /// <summary>
    /// Speech is short, so a conversation's reply has a limit; what else is asked goes on to the end of the context. Nobody can promise a deadline for that, though.
    /// </summary>
    private int DefaultLimit(DeviceRequest request) => request is { ConversationId: null, DeadlineMs: null } ? _engine.SequenceLimit : _defaults.MaxTokens;

    private static string? GrammarOf(SamplingOptions options) => options switch
    {
        { Grammar: not null, JsonSchema: not null } => throw new ProblemException(ProblemCodes.InvalidRequest("Give a grammar or a jsonSchema, not both.")),
        { JsonSchema: { } schema } => JsonSchemaGrammar.FromSchema(schema),
        _ => options.Grammar,
    };

    private SamplingParameters Settle(SamplingOptions options) => new()
    {
        Temperature = (float)(options.Temperature ?? _defaults.Temperature),
        TopP = (float)(options.TopP ?? _defaults.TopP),
        TopK = options.TopK ?? _defaults.TopK,
        MinP = (float)(options.MinP ?? _defaults.MinP),
        FrequencyPenalty = (float)(options.FrequencyPenalty ?? 0),
        PresencePenalty = (float)(options.PresencePenalty ?? 0),
        TypicalP = (float)(options.TypicalP ?? 1),
        RepeatPenalty = (float)(options.RepeatPenalty ?? 1),
        RepeatLastTokens = LastTokens(options.RepeatLastTokens ?? 64),
        LogitBias = options.LogitBias.Count == 0 ? [] : [.. options.LogitBias.Select(b => new TokenBias(b.Key, (float)b.Value))],
        Dry = options.DryMultiplier is > 0 and var multiplier
            ? new DryParameters
            {
                Multiplier = (float)multiplier,
                Base = (float)(options.DryBase ?? 1.75),
                AllowedLength = options.DryAllowedLength ?? 2,
                LastTokens = LastTokens(options.DryLastTokens ?? -1),
                Breakers = _engine.TokensWith(options.DryBreakers ?? DryParameters.UsualBreakers),
            }
            : null,
        XtcProbability = (float)(options.XtcProbability ?? 0),
        XtcThreshold = (float)(options.XtcThreshold ?? 0.1),
        Seed = options.Seed ?? Random.Shared.NextInt64(),
        IgnoreEnd = options.IgnoreEnd,
        TopLogProbs = options.TopLogProbs ?? -1,
    };

    /// <summary>−1 stands for all, as in llama.cpp.</summary>
    private static int LastTokens(int given) => given < 0 ? SamplingParameters.MaxHistory : given;

    /// <summary>Who asks for the same reply again pays for it with tokens that are read once more: a turn of a conversation only where it brings a seed.</summary>
    private static bool IsReproducible(DeviceRequest request) =>
        request.Sampling.Seed is not null || (request.ConversationId is null && request.Sampling.Temperature <= 0);
}

using System.Text;
using HybridConversations.Escalations.Endpoints;
using HybridConversations.Escalations.Ledger;
using HybridConversations.Escalations.Settings;
using HybridConversations.Inference.Text;

namespace HybridConversations.Escalations.Calls;

/// <summary>One try: its reservation, its stream, its time-outs and its settlement.</summary>
internal sealed class CloudAttempt(
    CloudOptions options, ICloudModel model, CloudCallPlan plan, CallClock clock, Func<Settlement, ValueTask> settle, CancellationToken caller)
    : IAsyncDisposable
{
    private readonly StopMatcher? _stops = plan.LocalStops.Count > 0 ? new StopMatcher(plan.LocalStops) : null;
    private readonly CloudCalls _calls = new();
    private readonly Queue<ToolCall> _wholeCalls = new();
    private IAsyncEnumerator<CloudChunk>? _chunks;
    private CloudFinish? _finish;
    private CloudUsage? _usage;
    private string? _filtered;
    private int _pieces;
    private double _estimatedOutput;
    private bool _anyText;
    private bool _stopped;
    private bool _settled;

    /// <summary>The first text or call, after <see cref="Open"/>.</summary>
    public EscalationEvent? First { get; private set; }

    /// <summary>How it ended; set when <see cref="Next"/> has returned null.</summary>
    public Settlement? Settlement { get; private set; }

    public FinishReason FinishReason { get; private set; }

    /// <summary>Why a begun reply broke off; null when it did not.</summary>
    public CloudException? Failure { get; private set; }

    /// <summary>Asks, and waits for the first text or call. Throws <see cref="CloudException"/>, settled, when there will be none.</summary>
    public async ValueTask Open()
    {
        clock.AwaitFirstToken();
        _chunks = model.Stream(plan.Request, clock.Token).GetAsyncEnumerator(clock.Token);
        First = await Next() ?? throw Failure ?? new CloudException(CloudFailureKind.Empty, "its reply held nothing but a stop string.");
    }

    /// <summary>The next text, and the calls behind all of it; null at the end.</summary>
    public async ValueTask<EscalationEvent?> Next()
    {
        while (Settlement is null)
        {
            CloudException? failure = null;
            var more = false;
            try
            {
                Arm();
                more = await _chunks!.MoveNextAsync();
            }
            catch (CloudException e)
            {
                failure = clock.Expired() ?? e;
            }
            catch (OperationCanceledException) when (!caller.IsCancellationRequested)
            {
                failure = clock.Expired() ?? new CloudException(CloudFailureKind.Cut, "the connection was closed.");
            }

            var text = more ? Take(_chunks!.Current) : "";
            if (!more || _stopped)
            {
                text += Flush();
                await End(failure, text.Length > 0);
            }

            if (text.Length > 0)
            {
                _anyText = true;

                // The gap is the endpoint's silence, not the reader's leisure.
                clock.Pause();
                return new EscalationText(text);
            }
        }

        return _wholeCalls.TryDequeue(out var call) ? new EscalationToolCall(call) : null;
    }

    /// <summary>Settles what was not: the caller left, or no one asked.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_chunks is not null)
            {
                await _chunks.DisposeAsync();
            }
        }
        catch (Exception e) when (e is CloudException or OperationCanceledException)
        {
            // The stream is given up; how it takes it does not matter.
        }
        finally
        {
            await Settle(_chunks is null ? Released("not asked") : Estimated("abandoned"));
        }
    }

    private void Arm()
    {
        if (_finish is not null)
        {
            clock.AwaitUsage();
        }
        else if (_pieces > 0)
        {
            clock.AwaitNext();
        }
    }

    private string Take(CloudChunk chunk)
    {
        _finish ??= chunk.Finish;
        _usage = chunk.Usage ?? _usage;
        _filtered ??= chunk.Filtered;
        foreach (var part in chunk.Calls ?? [])
        {
            _pieces++;
            _estimatedOutput += Encoding.UTF8.GetByteCount(part.Arguments + part.Name) / options.BytesPerToken;
            _calls.Add(part);
        }

        if (chunk.Text.Length == 0)
        {
            return "";
        }

        _pieces++;
        _estimatedOutput += Encoding.UTF8.GetByteCount(chunk.Text) / options.BytesPerToken;
        return _stops is null ? chunk.Text : Passed(_stops.Push(Encoding.UTF8.GetBytes(chunk.Text)));
    }

    private string Flush() => _stops is null ? "" : Passed(_stops.Flush());

    // Stop strings and pieces are whole characters, so what lies between them is.
    private string Passed(StopMatch match)
    {
        _stopped |= match.Stopped;
        return Encoding.UTF8.GetString(match.Text);
    }

    private async ValueTask End(CloudException? failure, bool textLeft)
    {
        clock.Pause();
        var calls = _finish is null || _stopped || failure is not null ? [] : _calls.Whole();
        var text = _anyText || textLeft || calls.Count > 0;
        if (_stopped)
        {
            (_finish, failure) = (CloudFinish.Stop, null);
        }
        else if (_finish is null)
        {
            failure ??= new CloudException(CloudFailureKind.Cut, "the connection ended before the reply did.");
        }
        else
        {
            failure = Judge(_finish.Value, text);
        }

        Failure = failure;
        foreach (var call in failure is null ? calls : [])
        {
            _wholeCalls.Enqueue(call);
        }

        FinishReason = failure is not null ? FinishReason.Cut : _wholeCalls.Count > 0 ? FinishReason.ToolCalls : _finish == CloudFinish.Length ? FinishReason.Length : FinishReason.Stop;
        await Settle(Account(failure));
    }

    /// <summary>A reply that ended in order may still be none.</summary>
    private CloudException? Judge(CloudFinish finish, bool text) => finish switch
    {
        CloudFinish.ContentFilter => new CloudException(CloudFailureKind.ContentFilter,
            $"its content filter withheld {(text ? "the rest of the reply" : "the reply")}.{(_filtered is null ? "" : $" It names: {_filtered}.")}"),
        CloudFinish.Length when !text => new CloudException(CloudFailureKind.Empty,
            $"its {plan.Request.MaxTokens} tokens were used up before any text came; a reasoning model needs a larger max-output-tokens."),
        _ when !text && _calls.Any => new CloudException(CloudFailureKind.Empty, "it asked for a call whose arguments are no JSON object."),
        _ when !text => new CloudException(CloudFailureKind.Empty, "its reply was empty."),
        _ => null,
    };

    private Settlement Account(CloudException? failure)
    {
        var outcome = failure?.Outcome ?? (_stopped ? "stopped" : "completed");
        if (failure is { MayHaveCharged: false } && _usage is null && _pieces == 0)
        {
            return Released(outcome);
        }

        if (_finish is not null && _usage is { Input: > 0, Output: >= 0 } usage && (usage.Output > 0 || _pieces == 0) && !_stopped)
        {
            return Booked(LedgerState.Settled, outcome, usage with { Cached = Math.Clamp(usage.Cached, 0, usage.Input) });
        }

        return Estimated(outcome);
    }

    private Settlement Estimated(string outcome)
    {
        // Hidden thoughts are billed and not seen: whatever a reasoning model may have thought is booked.
        var hidden = options.Reasoning && _finish is null ? plan.Request.MaxTokens : 0;
        var output = Math.Max(Math.Max(_usage?.Output ?? 0, hidden), Math.Max(_pieces, (int)Math.Ceiling(_estimatedOutput)));
        var input = _usage is { Input: > 0 } seen ? seen.Input : plan.PromptEstimate;
        return Booked(LedgerState.Estimated, outcome, new CloudUsage(input, output, Math.Clamp(_usage?.Cached ?? 0, 0, input)));
    }

    private Settlement Booked(LedgerState state, string outcome, CloudUsage tokens) =>
        new(state, outcome, tokens, options.Prices.Of(tokens.Input, tokens.Cached, tokens.Output));

    private static Settlement Released(string outcome) => new(LedgerState.Released, outcome, new CloudUsage(0, 0, 0), 0);

    private async ValueTask Settle(Settlement settlement)
    {
        Settlement ??= settlement;
        if (_settled)
        {
            return;
        }

        _settled = true;
        await settle(settlement);
    }
}

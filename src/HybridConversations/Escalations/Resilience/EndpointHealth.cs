using HybridConversations.Escalations.Endpoints;
using HybridConversations.Escalations.Settings;
using Polly;
using Polly.CircuitBreaker;

namespace HybridConversations.Escalations.Resilience;

/// <summary>Whether an endpoint is asked at all: a circuit breaker over its tries, and the rest that a long <c>Retry-After</c> asks for. Thread-safe.</summary>
internal sealed class EndpointHealth
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _maxRest;
    private readonly TimeSpan _maxRetryAfter;
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline _breaker;
    private readonly Action<TimeSpan> _opened;
    private readonly Lock _lock = new();
    private long _openedAt;
    private TimeSpan _openFor;
    private long _restedAt;
    private TimeSpan _restFor;
    private string _restReason = "";

    /// <param name="breaker">When the circuit opens.</param>
    /// <param name="retry">How long a rest may be.</param>
    /// <param name="time">The clock.</param>
    /// <param name="opened">Told when the circuit opens, and for how long.</param>
    public EndpointHealth(CloudBreaker breaker, CloudRetry retry, TimeProvider time, Action<TimeSpan> opened)
    {
        _time = time;
        _maxRest = TimeSpan.FromMilliseconds(retry.MaxRestMs);
        _maxRetryAfter = TimeSpan.FromMilliseconds(retry.MaxRetryAfterMs);
        _opened = opened;
        _breaker = new ResiliencePipelineBuilder { TimeProvider = time }.AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = breaker.FailureRatio,
            MinimumThroughput = breaker.MinimumTries,
            SamplingDuration = TimeSpan.FromMilliseconds(breaker.SamplingMs),
            BreakDuration = TimeSpan.FromMilliseconds(breaker.BreakMs),
            StateProvider = _state,

            // A caller who leaves says nothing about the endpoint, but must not close a circuit that is being tried out.
            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is CloudException { BlamesEndpoint: true }
                || (args.Outcome.Exception is OperationCanceledException && _state.CircuitState == CircuitState.HalfOpen)),
            OnOpened = args =>
            {
                Open(args.BreakDuration);
                return default;
            },
        }).Build();
    }

    /// <summary>Makes a try. Throws what it throws, or <see cref="BrokenCircuitException"/> without making it.</summary>
    public ValueTask Try(Func<ValueTask> attempt, CancellationToken cancellationToken) =>
        _breaker.ExecuteAsync(static (attempt, _) => attempt(), attempt, cancellationToken);

    /// <summary>Counts a reply that failed after its beginning, when the try itself counted as good.</summary>
    public async ValueTask Report(CloudException failure) =>
        await _breaker.ExecuteOutcomeAsync(static (_, failure) => new ValueTask<Outcome<bool>>(Outcome.FromException<bool>(failure)),
            ResilienceContextPool.Shared.Get(), failure);

    /// <summary>Lets the endpoint rest where its failure asks for longer than a turn waits, or its account is out of money.</summary>
    public void RestAfter(CloudException failure)
    {
        var rest = failure.Kind == CloudFailureKind.QuotaSpent ? failure.RetryAfter ?? _maxRest : failure.RetryAfter ?? TimeSpan.Zero;
        if (rest <= _maxRetryAfter)
        {
            return;
        }

        lock (_lock)
        {
            _restedAt = _time.GetTimestamp();
            _restFor = rest < _maxRest ? rest : _maxRest;
            _restReason = failure.Message;
        }
    }

    /// <summary>True when the endpoint is left alone, with the reason and for how much longer.</summary>
    public bool Blocked(out string reason, out TimeSpan left)
    {
        lock (_lock)
        {
            left = _restFor - _time.GetElapsedTime(_restedAt);
            reason = _restReason;
            if (left > TimeSpan.Zero)
            {
                return true;
            }

            // Polly's state stays open until the next try after the break: the clock decides here, or no router would ever send that try.
            left = _state.CircuitState == CircuitState.Open ? _openFor - _time.GetElapsedTime(_openedAt) : TimeSpan.Zero;
            reason = "too many of its last calls failed, and its circuit is open.";
            return left > TimeSpan.Zero;
        }
    }

    private void Open(TimeSpan duration)
    {
        lock (_lock)
        {
            _openedAt = _time.GetTimestamp();
            _openFor = duration;
        }

        _opened(duration);
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;

namespace HybridConversations.Cluster.Tests.Processes;

/// <summary>People who talk to a fleet over HTTP, each in a conversation of its own, and send a turn again, under its id, until it is answered.</summary>
internal sealed class Talkers(IReadOnlyList<IConversations> gateways, int count) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, List<(string TurnId, string Reply)>> _completed = new();
    private readonly ConcurrentDictionary<string, long> _lastAnswer = new();
    private readonly ConcurrentQueue<Problem> _problems = new();
    private readonly ConcurrentQueue<string> _broken = new();
    private Task _talking = Task.CompletedTask;

    public IReadOnlyList<string> Ids { get; } = [.. Enumerable.Range(0, count).Select(i => $"person-{i}")];
    public IReadOnlyDictionary<string, List<(string TurnId, string Reply)>> Completed => _completed;
    public IEnumerable<Problem> Problems => _problems;

    /// <summary>What should never be seen.</summary>
    public IEnumerable<string> Broken => _broken;

    public int Turns => _completed.Values.Sum(turns => turns.Count);

    public void Start() => _talking = Task.WhenAll(Ids.Select((id, i) => Task.Run(() => Talk(id, i))));

    /// <summary>Returns when everyone has been answered once more, with the longest time that took.</summary>
    public async Task<TimeSpan> EveryoneIsAnswered()
    {
        var from = Stopwatch.GetTimestamp();
        await Eventually.Holds(
            () => Task.FromResult(Ids.All(id => _lastAnswer.TryGetValue(id, out var at) && at > from)),
            () => "everyone is answered, but not: " + string.Join(", ", Ids.Where(id => !_lastAnswer.TryGetValue(id, out var at) || at <= from))
                + $". Last problems: {string.Join(" | ", _problems.TakeLast(3).Select(p => p.Detail))}; broken: {string.Join(" | ", _broken.Take(3))}",
            TimeSpan.FromSeconds(60));
        return Stopwatch.GetElapsedTime(from);
    }

    public async Task Stop()
    {
        await _stop.CancelAsync();
        await _talking;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _stop.Dispose();
    }

    private async Task Talk(string id, int number)
    {
        var said = 0;
        while (!_stop.IsCancellationRequested)
        {
            var turn = new Turn { TurnId = $"turn-{++said}", Text = $"Hello, this is {said}.", Sampling = new SamplingOptions { MaxTokens = 8, Temperature = 0 } };
            for (var attempt = 0; !await IsAnswered(id, number + attempt, turn) && !_stop.IsCancellationRequested; attempt++)
            {
                await Task.Delay(200);
            }
        }
    }

    /// <summary>Not cancelled when people stop: a turn that was begun is ended, so that what was completed is known.</summary>
    private async Task<bool> IsAnswered(string id, int gateway, Turn turn)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(70));
        try
        {
            ReplyEvent? last = null;
            await foreach (var e in gateways[gateway % gateways.Count].Get(id).Say(turn, patience.Token))
            {
                last = e;
            }

            switch (last)
            {
                case ReplyCompleted completed:
                    _completed.GetOrAdd(id, _ => []).Add((turn.TurnId, completed.Text));
                    _lastAnswer[id] = Stopwatch.GetTimestamp();
                    return true;
                case ReplyFailed { Problem: var problem }:
                    _problems.Enqueue(problem);
                    if (!problem.Retryable)
                    {
                        _broken.Enqueue($"{id} {turn.TurnId}: {problem.Code} {problem.Detail}");
                    }

                    return false;
                default:
                    _broken.Enqueue($"{id} {turn.TurnId}: the reply ended with {last}");
                    return false;
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            _broken.Enqueue($"{id} {turn.TurnId}: no answer and no error in 70 s");
            return false;
        }
        catch (ProblemException error)
        {
            _problems.Enqueue(error.Problem);
            return false;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            _problems.Enqueue(new Problem("connection", 0, "", error.Message, true));
            return false;
        }
    }
}

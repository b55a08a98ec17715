using System.Collections.Concurrent;
using System.Diagnostics;

namespace HybridConversations.Cluster.Tests.Processes;

/// <summary>People who talk to a fleet over HTTP, each in a conversation of its own, and send a turn again, under its id, until it is answered.</summary>
internal sealed class Talkers(IReadOnlyList<IConversations> gateways, int count) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, List<(string TurnId, string Reply)>> _completed = new();
    private readonly ConcurrentDictionary<string, long> _lastAnswer = new();
    private readonly ConcurrentQueue<(string Person, long At, Problem Problem)> _problems = new();
    private readonly ConcurrentQueue<string> _broken = new();
    private Task _talking = Task.CompletedTask;

    /// <summary>Everyone stays with one gateway; else who is refused tries the next.</summary>
    public bool Stay { get; init; }

    public IReadOnlyList<string> Ids { get; } = [.. Enumerable.Range(0, count).Select(i => $"person-{i}")];
    public IReadOnlyDictionary<string, List<(string TurnId, string Reply)>> Completed => _completed;
    public IEnumerable<Problem> Problems => _problems.Select(p => p.Problem);

    /// <summary>What should never be seen.</summary>
    public IEnumerable<string> Broken => _broken;

    public int Turns => _completed.Values.Sum(turns => turns.Count);

    public void Start() => _talking = Task.WhenAll(Ids.Select((id, i) => Task.Run(() => Talk(id, i))));

    /// <summary>Returns when everyone has been answered once more, with the longest time that took.</summary>
    public async Task<TimeSpan> EveryoneIsAnswered()
    {
        var from = Stopwatch.GetTimestamp();
        await Eventually.Holds(() => Task.FromResult(!Unanswered(from).Any()), () => "everyone is answered, but not " + string.Join("; ", Unanswered(from).Take(5).Select(id => Story(id, from))), Patience);
        return Stopwatch.GetElapsedTime(from);
    }

    public async Task Stop()
    {
        await _stop.CancelAsync();
        await _talking;
    }

    /// <summary>What was completed is stored, once, in the order in which it was said.</summary>
    public async Task CheckHistories(IConversations conversations)
    {
        foreach (var id in Ids)
        {
            var history = await conversations.Get(id).History();
            Assert.Equal(history.Count, history.Select(turn => turn.TurnId).Distinct().Count());
            var stored = history.ToDictionary(turn => turn.TurnId);
            foreach (var (turnId, reply) in _completed[id])
            {
                Assert.Equal(TurnState.Completed, stored[turnId].State);
                Assert.Equal(reply, stored[turnId].Reply);
            }

            Assert.Equal(_completed[id].Select(turn => turn.TurnId), history.Where(turn => turn.State == TurnState.Completed).Select(turn => turn.TurnId).Take(_completed[id].Count));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _stop.Dispose();
    }

    private static TimeSpan Patience => TimeSpan.FromSeconds(60);

    private IEnumerable<string> Unanswered(long from) => Ids.Where(id => !_lastAnswer.TryGetValue(id, out var at) || at <= from);

    /// <summary>What one of them was told since then, and when.</summary>
    private string Story(string id, long from) => $"{id}: " + string.Join(", ", _problems.Where(p => p.Person == id && p.At > from)
        .Select(p => $"{Stopwatch.GetElapsedTime(from, p.At).TotalSeconds:0.0} s {p.Problem.Code} ({p.Problem.Detail})"));

    private async Task Talk(string id, int number)
    {
        var said = 0;
        while (!_stop.IsCancellationRequested)
        {
            var turn = new Turn { TurnId = $"turn-{++said}", Text = $"Hello, this is {said}.", Sampling = new SamplingOptions { MaxTokens = 8, Temperature = 0 } };
            for (var attempt = 0; !await IsAnswered(id, number + (Stay ? 0 : attempt), turn) && !_stop.IsCancellationRequested; attempt++)
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
                    Note(id, problem);
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
            Note(id, error.Problem);
            return false;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            Note(id, new Problem("connection", 0, error.Message, true));
            return false;
        }
    }

    private void Note(string id, Problem problem) => _problems.Enqueue((id, Stopwatch.GetTimestamp(), problem));
}

using System.Collections.Concurrent;
using HybridConversations.Bench.Http;

namespace HybridConversations.Bench.Scenarios;

/// <summary>Requests of many sizes at once, each cancelled at a random moment.</summary>
internal sealed class ChurnBurst(ScenarioContext context)
{
    /// <summary>A reply that would outlast any burst: only the cancelling ends it.</summary>
    private const int ReplyTokens = 512;

    /// <summary>Prompts are up to this many times as long as the short one.</summary>
    private const int LongestPrompt = 8;

    private readonly ConcurrentQueue<string> _errors = new();
    private int _requests;
    private int _cancelled;
    private int _refused;

    public int Requests => _requests;

    public int Cancelled => _cancelled;

    /// <summary>Answered with 429 or 503: a server may bound what it takes.</summary>
    public int Refused => _refused;

    public IReadOnlyCollection<string> Errors => _errors;

    public Task Run(string name, CancellationToken cancellationToken)
    {
        // Drawn before anything runs, so that both servers get the same sizes and moments.
        var random = context.Random(name);
        var plans = Enumerable.Range(0, context.Sizes.BurstRequests)
            .Select(index => (Index: index, Tokens: context.Sizes.ShortPrompt * random.Next(1, LongestPrompt + 1), Leave: context.Sizes.BurstTime * random.NextDouble()))
            .ToArray();
        return Task.WhenAll(plans.Select(plan => Request($"{context.Key}/{name}/{plan.Index}", plan.Tokens, plan.Leave, cancellationToken)));
    }

    private async Task Request(string key, int tokens, TimeSpan leave, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _requests);
        using var leaving = new CancellationTokenSource(leave, context.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, leaving.Token);
        try
        {
            await context.Chat.Ask(new BenchRequest("churn", context.Prompts.Chat(tokens, key).Messages, ReplyTokens), either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Interlocked.Increment(ref _cancelled);
        }
        catch (TargetException exception) when (exception.Refused)
        {
            Interlocked.Increment(ref _refused);
        }
        catch (TargetException exception)
        {
            _errors.Enqueue(exception.Message);
        }
    }
}

using System.Collections.Concurrent;
using HybridConversations.Bench.Http;
using HybridConversations.Bench.Statistics;

namespace HybridConversations.Bench.Scenarios;

/// <summary>
/// The interrupting half of <c>spoken</c>: replies are barged into after a random number of pieces, with a random part of them heard. The next turn's
/// <c>readTokens</c>, less what the same words cost after a reply that nobody interrupted, are old tokens that were read again.
/// </summary>
internal sealed class BargeIns(ScenarioContext context)
{
    /// <summary>More old tokens than this count as a reading that should not have been.</summary>
    private const int Tolerated = 16;

    private const int BargeInsPerConversation = 8;
    private const int OpeningTokens = 96;
    private const int ReplyTokens = 64;
    private const int CheckTokens = 4;
    private const int CheckTextTokens = 8;
    private const int Questions = 4;
    private const int QuestionTokens = 16;

    private readonly ConcurrentQueue<ReplyTrace> _replies = new();
    private readonly ConcurrentQueue<double> _interruptMs = new();
    private readonly ConcurrentQueue<double> _endedMs = new();
    private readonly ConcurrentQueue<double> _readAgain = new();
    private readonly Dictionary<int, int> _unavoidable = [];
    private int _taken;
    private int _missed;

    /// <summary>Barge-ins come within so many pieces; fewer where the model's replies are shorter.</summary>
    private volatile int _within = ReplyTokens / 2;

    public IReadOnlyList<ReplyTrace> Replies => [.. _replies];

    public IReadOnlyList<string> Warnings => _missed == 0 ? [] : [$"{_missed} replies ended before they were barged into."];

    public async Task Run(CancellationToken cancellationToken)
    {
        var count = (context.Sizes.BargeIns + context.Runs - 1) / context.Runs;
        for (var question = 0; question < Questions; question++)
        {
            await MeasureUnavoidable(question, cancellationToken);
        }

        await Task.WhenAll(Enumerable.Range(0, context.Sizes.BargeInTalkers).Select(talker => Talk(talker, count, cancellationToken)));
    }

    public void AddFigures(FigureList figures)
    {
        var again = new Samples(_readAgain);
        figures.Add("barge-ins", "", Better.Neither, again.Count, again.Count)
            .AddPercentiles("barge-in, interrupt answered", "ms", Better.Lower, new Samples(_interruptMs), 0.5, 0.99)
            .AddPercentiles("barge-in, reply ended after", "ms", Better.Lower, new Samples(_endedMs), 0.5, 0.99)
            .AddPercentiles("barge-in, old tokens read again", "tokens", Better.Lower, again, 0.5, 0.99)
            .AddMax("barge-in, old tokens read again", "tokens", again)
            .Add($"barge-ins with more than {Tolerated}", "", Better.Lower, _readAgain.Count(tokens => tokens > Tolerated), again.Count);
    }

    /// <summary>Asks for much, because a reply that is over cannot be barged into.</summary>
    private string Question(int question) => $"Tell me a very long story about {context.Prompts.Text(QuestionTokens, $"{context.Key}/question/{question}")}";

    private string CheckText(int question) => context.Prompts.Text(CheckTextTokens, $"{context.Key}/check/{question}");

    /// <summary>Tokens that a check turn reads after a reply that came to its own end.</summary>
    private async Task MeasureUnavoidable(int question, CancellationToken cancellationToken)
    {
        var conversation = $"{context.ConversationPrefix}-reference-{question}";
        var opening = context.Prompts.Chat(OpeningTokens, $"{context.Key}/reference/{question}");
        await context.Turns.Say(conversation, new TurnRequest("opening", opening.User, CheckTokens) { System = opening.System }, cancellationToken);
        await context.Turns.Say(conversation, new TurnRequest("reference", Question(question), ReplyTokens), cancellationToken);
        var check = await context.Turns.Say(conversation, new TurnRequest("reference", CheckText(question), CheckTokens), cancellationToken);
        _unavoidable[question] = check.Usage?.ReadTokens
            ?? throw new TargetException($"{context.Target.Endpoint.Name} does not say how many tokens a turn read: barge-ins cannot be judged.");
        await context.Turns.Delete(conversation);
    }

    private async Task Talk(int talker, int count, CancellationToken cancellationToken)
    {
        var random = context.Random($"barge-in/{talker}");
        for (var number = 0; Volatile.Read(ref _taken) < count; number++)
        {
            var conversation = $"{context.ConversationPrefix}-barge-in-{talker}-{number}";
            var opening = context.Prompts.Chat(OpeningTokens, $"{context.Key}/barge-in/{talker}/{number}");
            await context.Turns.Say(conversation, new TurnRequest("opening", opening.User, CheckTokens) { System = opening.System }, cancellationToken);
            for (var index = 0; index < BargeInsPerConversation && Interlocked.Increment(ref _taken) <= count; index++)
            {
                context.Report($"barge-in {Math.Min(_taken, count)} of {count}");
                if (!await BargeIn(conversation, random, cancellationToken) && Interlocked.Increment(ref _missed) <= count)
                {
                    Interlocked.Decrement(ref _taken);
                }
            }

            await context.Turns.Delete(conversation);
        }
    }

    /// <summary>False when the reply had ended before its moment came: to be tried again.</summary>
    private async Task<bool> BargeIn(string conversation, Random random, CancellationToken cancellationToken)
    {
        var question = random.Next(Questions);
        var pieces = random.Next(1, _within + 1);
        var heardShare = random.NextDouble();
        long sent = 0;
        var turn = new TurnRequest("barged into", Question(question), ReplyTokens)
        {
            Priority = "voice",
            OnText = async reply =>
            {
                if (reply.Arrivals.Count == pieces)
                {
                    var text = reply.Text;
                    sent = context.Clock.GetTimestamp();
                    await context.Turns.Interrupt(conversation, Heard(text, heardShare), cancellationToken);
                    _interruptMs.Enqueue(context.Clock.GetElapsedTime(sent).TotalMilliseconds);
                }
            },
        };
        var interrupted = await context.Turns.Say(conversation, turn, cancellationToken);
        _replies.Enqueue(interrupted);
        if (sent == 0 || interrupted.FinishReason != "interrupted")
        {
            _within = Math.Clamp(interrupted.Arrivals.Count / 2, 1, _within);
            return false;
        }

        _endedMs.Enqueue(context.Clock.GetElapsedTime(sent, interrupted.EndedAt).TotalMilliseconds);
        var check = await context.Turns.Say(conversation, new TurnRequest("after barge-in", CheckText(question), CheckTokens) { Priority = "voice" }, cancellationToken);
        _replies.Enqueue(check);
        if (check.Usage?.ReadTokens is { } read)
        {
            _readAgain.Enqueue(Math.Max(0, read - _unavoidable[question]));
        }

        return true;
    }

    /// <summary>The first part of what was said, not cut inside a character.</summary>
    private static string Heard(string text, double share)
    {
        var length = (int)(text.Length * share);
        return length > 0 && char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)] : text[..length];
    }
}

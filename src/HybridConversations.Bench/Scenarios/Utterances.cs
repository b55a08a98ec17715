using HybridConversations.Bench.Http;
using HybridConversations.Bench.Statistics;

namespace HybridConversations.Bench.Scenarios;

/// <summary>The listening half of <c>spoken</c>: how much of a turn is read before it ends, and how soon the reply begins.</summary>
internal sealed class Utterances(ScenarioContext context)
{
    private const int Lengths = 5;
    private const int OpeningTokens = 48;
    private const int ReplyTokens = 16;

    private readonly List<Spoken> _spoken = [];
    private readonly List<double> _listenMs = [];
    private readonly List<string> _warnings = [];

    public IReadOnlyList<ReplyTrace> Replies => [.. _spoken.Select(spoken => spoken.Reply)];

    public IReadOnlyList<string> Warnings => _warnings;

    public async Task Run(CancellationToken cancellationToken)
    {
        var sizes = context.Sizes;
        var lengths = Enumerable.Range(0, Lengths)
            .Select(index => sizes.UtteranceMin + ((sizes.UtteranceMax - sizes.UtteranceMin) * index / (Lengths - 1))).Distinct().ToArray();
        foreach (var tokens in lengths)
        {
            for (var index = 0; index < sizes.Utterances; index++)
            {
                context.Report($"utterance {index + 1} of {sizes.Utterances} of {tokens} tokens");
                await Say(tokens, index, listened: true, cancellationToken);
                await Say(tokens, index, listened: false, cancellationToken);
            }
        }
    }

    public void AddFigures(FigureList figures)
    {
        foreach (var length in _spoken.GroupBy(spoken => spoken.Tokens))
        {
            var heard = length.Where(spoken => spoken.Listened).ToArray();
            var unheard = length.Where(spoken => !spoken.Listened).ToArray();
            var shares = new Samples(heard.Select(spoken => spoken.ReadAhead).OfType<double>());
            var with = FirstTokens(heard);
            var without = FirstTokens(unheard);
            figures.Add($"{length.Key} tokens: share read ahead", "share", Better.Higher, shares.Median, shares.Count)
                .Add($"{length.Key} tokens: first token with listen", "ms", Better.Lower, with.Median, with.Count)
                .Add($"{length.Key} tokens: first token without", "ms", Better.Lower, without.Median, without.Count)
                .Add($"{length.Key} tokens: with / without", "", Better.Lower, with.Median / without.Median, with.Count);
        }

        figures.AddPercentiles("listen answered", "ms", Better.Lower, new Samples(_listenMs), 0.5, 0.95);
        if (_spoken.Any(spoken => spoken.ReadAhead is null))
        {
            _warnings.Add("The server does not say how many tokens it read: there is no share read ahead.");
        }
    }

    /// <summary>
    /// A conversation of its own with an opening turn; then the utterance. Its tokens are what it adds to the prompt; those that its turn does not read were
    /// read while it was spoken. Every utterance has other words: nothing else can have read them.
    /// </summary>
    private async Task Say(int tokens, int index, bool listened, CancellationToken cancellationToken)
    {
        var name = $"spoken-{tokens}-{index}-{(listened ? "listened" : "plain")}";
        var conversation = $"{context.ConversationPrefix}-{name}";
        var opening = context.Prompts.Chat(OpeningTokens, $"{context.Key}/{name}");
        var text = context.Prompts.Text(tokens, $"{context.Key}/{name}/utterance");
        var first = await context.Turns.Say(conversation, new TurnRequest("opening", opening.User, ReplyTokens) { System = opening.System }, cancellationToken);
        if (listened)
        {
            await Listen(conversation, text, cancellationToken);
        }

        var reply = await context.Turns.Say(
            conversation, new TurnRequest(listened ? "listened" : "not listened", text, ReplyTokens) { Priority = "voice" }, cancellationToken);
        var added = reply.Usage?.PromptTokens - first.Usage?.PromptTokens - first.CompletionTokens;
        var readAhead = added > 0 && reply.Usage?.ReadTokens is { } read ? Math.Clamp(1 - ((double)read / added.Value), 0, 1) : (double?)null;
        _spoken.Add(new Spoken(tokens, listened, readAhead, reply));
        await context.Turns.Delete(conversation);
    }

    /// <summary>Speaks at a steady pace: a word is due at its time, however long the server took with the one before.</summary>
    private async Task Listen(string conversation, string text, CancellationToken cancellationToken)
    {
        var started = context.Clock.GetTimestamp();
        var words = 0;
        for (var end = text.IndexOf(' '); ; end = text.IndexOf(' ', end + 1))
        {
            var due = (context.Sizes.WordTime * ++words) - context.Clock.GetElapsedTime(started);
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due, context.Clock, cancellationToken);
            }

            var sent = context.Clock.GetTimestamp();
            await context.Turns.Listen(conversation, end < 0 ? text : text[..end], cancellationToken);
            _listenMs.Add(context.Clock.GetElapsedTime(sent).TotalMilliseconds);
            if (end < 0)
            {
                return;
            }
        }
    }

    private static Samples FirstTokens(IEnumerable<Spoken> spoken) => new(spoken.Select(one => one.Reply.FirstTokenMs).OfType<double>());

    private sealed record Spoken(int Tokens, bool Listened, double? ReadAhead, ReplyTrace Reply);
}

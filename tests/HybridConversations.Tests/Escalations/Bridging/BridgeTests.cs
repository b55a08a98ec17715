using System.Runtime.CompilerServices;
using HybridConversations.Escalations.Bridging;

namespace HybridConversations.Tests.Escalations.Bridging;

public sealed class BridgeTests
{
    private static readonly BridgeOptions On = new() { Enabled = true, AfterMs = 700, RepeatMs = 7_000, MaxPhrases = 2 };
    private static readonly Turn Voice = new() { TurnId = "t1", Text = "Why?", Priority = TurnPriority.Voice };
    private static readonly EscalationFinished End = new("cloud", FinishReason.Stop, 1, 1, 0, 0);

    [Fact]
    public async Task A_slow_cloud_is_bridged_once_and_again_and_no_more()
    {
        var time = new ManualTime();
        var first = new TaskCompletionSource();
        var heard = new List<Bridged>();
        var listening = Listen(new Bridge(On, time).Over(Cloud(first.Task), Voice), heard);

        await time.WaitForTimer(700);
        time.AdvanceMs(699);
        Assert.Empty(heard);
        time.AdvanceMs(1);
        await time.WaitForTimer(7_000);
        Assert.Contains(Assert.Single(heard).Phrase, On.Phrases);
        time.AdvanceMs(7_000);
        while (heard.Count < 2)
        {
            await Task.Yield();
        }

        Assert.Contains(heard[1].Phrase, On.Further);
        time.Advance(TimeSpan.FromHours(1));
        first.SetResult();
        await listening;

        Assert.Equal([new EscalationText("Because."), End], heard.Skip(2).Select(h => h.Event!));
    }

    [Fact]
    public async Task A_cloud_in_time_is_not_announced()
    {
        var heard = new List<Bridged>();
        await Listen(new Bridge(On with { AfterMs = 30_000 }).Over(Cloud(Task.CompletedTask), Voice), heard);
        Assert.All(heard, h => Assert.Null(h.Phrase));
        Assert.Equal(2, heard.Count);
    }

    [Theory]
    [InlineData(false, TurnPriority.Voice)]
    [InlineData(true, TurnPriority.Interactive)]
    [InlineData(true, TurnPriority.Background)]
    public async Task Only_voices_are_bridged_and_only_if_wanted(bool enabled, TurnPriority priority)
    {
        var time = new ManualTime();
        var first = new TaskCompletionSource();
        var heard = new List<Bridged>();
        var listening = Listen(new Bridge(On with { Enabled = enabled }, time).Over(Cloud(first.Task), Voice with { Priority = priority }), heard);
        time.Advance(TimeSpan.FromHours(1));
        first.SetResult();
        await listening;
        Assert.All(heard, h => Assert.Null(h.Phrase));
    }

    [Fact]
    public async Task A_failure_comes_through_with_or_without_a_phrase()
    {
        var time = new ManualTime();
        var failure = new ProblemException(new Problem(ProblemCodes.CloudFailed, 502, ""));
        var heard = new List<Bridged>();
        Assert.Same(failure, await Assert.ThrowsAsync<ProblemException>(() => Listen(new Bridge(On, time).Over(Cloud(Task.FromException(failure)), Voice), heard)));
        Assert.Empty(heard);

        var first = new TaskCompletionSource();
        var listening = Listen(new Bridge(On, time).Over(Cloud(first.Task), Voice), heard);
        await time.WaitForTimer(700);
        time.AdvanceMs(700);
        first.SetException(failure);
        await Assert.ThrowsAsync<ProblemException>(() => listening);
        Assert.NotNull(Assert.Single(heard).Phrase);
    }

    [Fact]
    public async Task Who_leaves_at_a_phrase_ends_the_call()
    {
        var time = new ManualTime();
        var ended = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        await using var bridged = new Bridge(On, time).Over(Cloud(never.Task, ended), Voice).GetAsyncEnumerator();
        var next = bridged.MoveNextAsync();
        await time.WaitForTimer(700);
        time.AdvanceMs(700);
        Assert.True(await next);
        await bridged.DisposeAsync();
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("schreib mir ein programm das meine fotos umbenennt", "Einen Moment, ich denke nach.|Gute Frage, einen Augenblick.|Das überlege ich mir kurz.")]
    [InlineData("écris un programme qui renomme mes photos", "Laisse-moi réfléchir.|Bonne question, un instant.|Je regarde ça de plus près.")]
    [InlineData("escribe un programa que renombre mis fotos", "Déjame pensarlo.|Buena pregunta, un momento.|Voy a mirarlo con calma.")]
    [InlineData("proszę napisz dla mnie program i to jeszcze dziś", "Niech się zastanowię.|Dobre pytanie, chwileczkę.|Zaraz się temu przyjrzę.")]
    [InlineData("写一个程序", "让我想一想。|好问题，请稍等。|我仔细看看。")]
    [InlineData("写真の名前を変えるプログラム", "少し考えさせてください。|いい質問ですね、少々お待ちください。|詳しく見てみます。")]
    [InlineData("напиши программу", "Дай подумать.|Хороший вопрос, минутку.|Сейчас разберусь.")]
    public void Without_phrases_of_the_operator_the_bridge_speaks_the_turns_language(string text, string allowed)
    {
        Assert.Contains(new BridgePhrases(new BridgeOptions()).Pick("turn-17", 0, text), allowed.Split('|'));
        Assert.Contains(new BridgePhrases(new BridgeOptions()).Pick("turn-17", 0, "write me a program that renames my photos"), new BridgeOptions().Phrases);
        Assert.Equal("Own.", new BridgePhrases(new BridgeOptions { Phrases = ["Own."] }).Pick("turn-17", 0, text));
    }

    [Fact]
    public void A_turn_keeps_its_phrase_and_turns_share_them_out()
    {
        var phrases = new BridgePhrases(On);
        Assert.Equal(phrases.Pick("turn-17"), new BridgePhrases(On).Pick("turn-17"));
        var counts = Enumerable.Range(0, 1_000).GroupBy(i => phrases.Pick($"turn-{i}")).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(On.Phrases.Count, counts.Count);
        Assert.All(counts.Values, c => Assert.InRange(c, 100, 300));
        Assert.NotEqual(phrases.Pick("t", 1), phrases.Pick("t", 2));
    }

    [Fact]
    public void Bad_options_are_told_together()
    {
        var problem = Assert.Throws<ProblemException>(() => new Bridge(new BridgeOptions { AfterMs = -1, MaxPhrases = 0, Phrases = [], Further = [" "] })).Problem;
        foreach (var key in (string[])["bridge.after-ms is -1", "bridge.max-phrases is 0", "bridge.phrases", "bridge.further"])
        {
            Assert.Contains(key, problem.Detail, StringComparison.Ordinal);
        }
    }

    private static async Task Listen(IAsyncEnumerable<Bridged> bridged, List<Bridged> heard)
    {
        await foreach (var step in bridged)
        {
            heard.Add(step);
        }
    }

    private static async IAsyncEnumerable<EscalationEvent> Cloud(Task first, TaskCompletionSource? ended = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            await first.WaitAsync(cancellationToken);
            yield return new EscalationText("Because.");
            yield return End;
        }
        finally
        {
            ended?.TrySetResult();
        }
    }
}

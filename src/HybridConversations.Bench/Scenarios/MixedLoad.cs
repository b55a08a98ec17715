using System.Collections.Concurrent;
using HybridConversations.Bench.Http;
using HybridConversations.Bench.Reports;

namespace HybridConversations.Bench.Scenarios;

/// <summary>The traffic of one run of <c>mixed</c>.</summary>
internal sealed class MixedLoad : IDisposable
{
    /// <summary>After an error a client waits this long, so that a server that refuses is not flooded.</summary>
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(250);

    private readonly ScenarioContext _context;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenSource _voicesDone;
    private readonly ConcurrentQueue<ReplyTrace> _voices = new();
    private readonly ConcurrentQueue<ReplyTrace> _background = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly long _started;

    public MixedLoad(ScenarioContext context, CancellationToken cancellationToken)
    {
        _context = context;
        _cancellationToken = cancellationToken;
        _voicesDone = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _started = context.Clock.GetTimestamp();
    }

    public IReadOnlyCollection<ReplyTrace> Voices => _voices;

    /// <summary>Replies to long prompts that came to their end.</summary>
    public IReadOnlyCollection<ReplyTrace> Background => _background;

    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>
    /// Voices begin replies until the time is over and finish what they began, so that slow replies count as much as fast ones; long prompts arrive
    /// until the last voice is done.
    /// </summary>
    public async Task Run()
    {
        var sizes = _context.Sizes;
        var background = Task.WhenAll(Enumerable.Range(0, sizes.Background).Select(LongPrompts));
        var voices = Task.WhenAll(Enumerable.Range(0, sizes.Voices).Select(Voice));
        try
        {
            await voices;
        }
        finally
        {
            await _voicesDone.CancelAsync();
            await background;
        }

        _cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Prompt tokens of the long prompts that were answered, a second, up to the end of the last; 0 when none was.</summary>
    public double BackgroundTokensPerSecond() =>
        _background.IsEmpty
            ? 0
            : _background.Sum(reply => reply.Usage?.PromptTokens ?? 0) / _context.Clock.GetElapsedTime(_started, _background.Max(reply => reply.EndedAt)).TotalSeconds;

    public void Dispose() => _voicesDone.Dispose();

    private async Task Voice(int voice)
    {
        for (var index = 0; _context.Clock.GetElapsedTime(_started) < _context.Sizes.MixedTime; index++)
        {
            var prompt = _context.Prompts.Chat(_context.Sizes.ShortPrompt, $"{_context.Key}/voice/{voice}/{index}");
            await Ask(new BenchRequest(ReplyReport.Voice, prompt.Messages, _context.Sizes.VoiceTokens) { Priority = "voice" }, _voices, _cancellationToken);
            _context.Report($"{_context.Clock.GetElapsedTime(_started).TotalSeconds:0} s, {_voices.Count} voice replies, {_background.Count} long prompts");
        }
    }

    private async Task LongPrompts(int client)
    {
        try
        {
            for (var index = 0; ; index++)
            {
                var prompt = _context.Prompts.Chat(_context.Sizes.LongPrompt, $"{_context.Key}/background/{client}/{index}");
                var request = new BenchRequest(MixedScenario.BackgroundRole, prompt.Messages, _context.Sizes.LongTokens) { Priority = "background" };
                await Ask(request, _background, _voicesDone.Token);
                await Task.Delay(_context.Sizes.BackgroundPause, _context.Clock, _voicesDone.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The voices are done: so is this.
        }
    }

    private async Task Ask(BenchRequest request, ConcurrentQueue<ReplyTrace> done, CancellationToken cancellationToken)
    {
        try
        {
            done.Enqueue(await _context.Chat.Ask(request, cancellationToken));
        }
        catch (TargetException exception)
        {
            _errors.Enqueue(exception.Message);
            await Task.Delay(PauseAfterError, _context.Clock, cancellationToken);
        }
    }
}

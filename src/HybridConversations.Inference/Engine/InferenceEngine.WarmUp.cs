using HybridConversations.Inference.KvBlocks;
using HybridConversations.Inference.Text;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.Engine;

/// <summary>Before the first turn: shared beginnings and recent conversations come from disk, behind whatever is asked for meanwhile.</summary>
public sealed partial class InferenceEngine
{
    /// <summary>Beginnings that are made ready at most, pinned ones included.</summary>
    public const int MaxWarmPrefixes = 16;

    private const int Attempts = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Makes the beginnings of prompts resident: the given ones, which stay pinned, then those that most conversations used before the last restart, while they fit in a
    /// quarter of the KV memory. From disk where it has them, else they are read, as the lowest class of work.
    /// </summary>
    /// <param name="pinned">Tokens of system prompts.</param>
    /// <param name="cancellationToken">Ends it; what is ready stays.</param>
    public async Task<WarmPrefixes> WarmPrefixesAsync(IReadOnlyList<int[]> pinned, CancellationToken cancellationToken = default)
    {
        Post(core => core.WarmUp(), () => { });
        var (made, tokens, read) = (0, 0, 0);
        foreach (var (key, prefix, pin) in Candidates(pinned))
        {
            var fits = pin ? Backend.Info.Cells / 2 : Backend.Info.Cells / 4;
            if (made == (Backend.Info.HasSeparateStreams ? Math.Min(MaxWarmPrefixes, Backend.Info.MaxSequences / 2) : MaxWarmPrefixes) || tokens + prefix.Length > Math.Min(fits, SequenceLimit))
            {
                LogNotWarmed(prefix.Length);
                continue;
            }

            if (await Warm(key, prefix, pin, cancellationToken) is { } usage)
            {
                (made, tokens, read) = (made + 1, tokens + usage.PromptTokens, read + usage.ReadTokens);
            }
        }

        return new WarmPrefixes(made, tokens, read);
    }

    /// <summary>Takes the states of the most recent conversations from disk into host memory, up to half of what it may hold, while nobody is served.</summary>
    /// <returns>How many, and their bytes.</returns>
    public async Task<(int Conversations, long Bytes)> WarmConversationsAsync(CancellationToken cancellationToken = default)
    {
        var (count, bytes) = (0, 0L);
        foreach (var key in _store?.Index.Newest().Where(key => !PrefixKey.Is(key)) ?? [])
        {
            while (Status is { Running: > 0 } or { Waiting: > 0 })
            {
                await Task.Delay(Pause, _time, cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (await Task.Run(() => _store!.Load(key), cancellationToken) is not { } image)
            {
                continue;
            }

            var size = image.Bytes;
            if (bytes + size > _options.Tiers.ParkedBytes / 2 || !await Park(image))
            {
                image.Dispose();
                break;
            }

            (count, bytes) = (count + 1, bytes + size);
        }

        return (count, bytes);
    }

    private IEnumerable<(string Key, int[] Tokens, bool Pin)> Candidates(IReadOnlyList<int[]> pinned)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tokens in pinned.Where(tokens => tokens.Length > 0))
        {
            // What the operator keeps ready is everyone's; what conversations began with is their tenant's.
            var key = PrefixKey.Of(tokens, KvRealm.Everyone);
            if (seen.Add(key))
            {
                _store?.Index.Pin(key);
                yield return (key, tokens, true);
            }
        }

        foreach (var key in _store?.MostUsed() ?? [])
        {
            if (seen.Add(key) && _store!.Index.Tokens(key) is { } tokens && !seen.Contains(PrefixKey.Of(tokens, KvRealm.Everyone)))
            {
                yield return (key, tokens, false);
            }
        }
    }

    /// <summary>Reads a beginning under a key of its own. Tried again while turns push it aside; null when that does not end, or when it is refused.</summary>
    private async Task<TokenUsage?> Warm(string key, int[] prefix, bool pin, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            try
            {
                var generation = Submit(new GenerationRequest
                {
                    Key = key,
                    Prompt = new Prompt(prefix),
                    MaxTokens = 0,
                    Priority = TurnPriority.Background,
                    ReadAhead = true,
                    Pin = pin,
                });
                await using var registration = cancellationToken.UnsafeRegister(static state => ((Generation)state!).Cancel(), generation);
                var result = await generation.Completion;
                cancellationToken.ThrowIfCancellationRequested();
                if (result.FinishReason != FinishReason.Interrupted)
                {
                    return result.Usage;
                }
            }
            catch (ProblemException refused) when (refused.Problem.Retryable && !_stopping)
            {
                // Overloaded: turns come first.
            }
            catch (ProblemException)
            {
                break;
            }

            await Task.Delay(Pause, _time, cancellationToken);
        }

        LogNotWarmed(prefix.Length);
        return null;
    }

    private async Task<bool> Park(KvImage image)
    {
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(core => done.TrySetResult(core.Park(image)), () => done.TrySetResult(false));
        return await done.Task;
    }

    [LoggerMessage(11, LogLevel.Information, "A shared beginning of {Tokens} tokens was not made ready: there is no room for it, or turns came first. It is read when it is asked for.")]
    private partial void LogNotWarmed(int tokens);
}

/// <summary>Beginnings that were made ready.</summary>
/// <param name="Count">How many.</param>
/// <param name="Tokens">Their tokens.</param>
/// <param name="ReadTokens">Those of them that were computed; the rest came from disk or was there.</param>
public sealed record WarmPrefixes(int Count, int Tokens, int ReadTokens);

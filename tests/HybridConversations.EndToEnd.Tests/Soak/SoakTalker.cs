using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;

namespace HybridConversations.EndToEnd.Tests.Soak;

/// <summary>
/// Somebody who holds one conversation after another: tells it a code of its own, talks about this and that, interrupts, leaves, speaks slowly, and asks for the code.
/// No other number of four digits may ever come back, and what was completed must be stored.
/// </summary>
internal sealed partial class SoakTalker(SoakServer server, int number, SoakTally tally, CancellationToken stop)
{
    private static readonly string[] Sayings =
    [
        "Tell me a joke.", "Tell me a story.", "What is the capital of France?", "What is the opposite of hot?", "How do you spell lamp?", "Tell me a fun fact.", "Thank you.", "What is 7 plus 5?",
    ];

    private readonly Random _random = new(number);
    private readonly List<(string TurnId, string Text)> _completed = [];
    private string _id = "";
    private int _turn;

    public async Task Run()
    {
        for (var episode = 0; !stop.IsCancellationRequested; episode++)
        {
            _id = $"soak-{number}-{episode}";
            _turn = 0;
            _completed.Clear();
            var code = tally.NewCode();
            if (await Say($"The code is {code}.", code) is null)
            {
                continue; // cut off by a restart: it may not know the code
            }

            for (var i = _random.Next(1, 6); i > 0; i--)
            {
                await Something(code);
            }

            if (await Say("What is the code?", code) is { } answer)
            {
                tally.Asked(answer.Contains(code, StringComparison.Ordinal));
            }

            await CheckHistory();
        }
    }

    private Task Something(string code) => _random.Next(10) switch
    {
        0 => Leave(),
        1 => BargeIn(code),
        2 or 3 => Speak(code),
        4 => Complete(),
        _ => Say(Sayings[_random.Next(Sayings.Length)], code),
    };

    /// <summary>A whole turn; null when the server went away under it.</summary>
    private Task<string?> Say(string text, string code) => Try(async conversation =>
    {
        var turnId = $"t{_turn++}";
        string? reply = null;
        await foreach (var e in conversation.Say(Turn(turnId, text), stop))
        {
            reply = e switch
            {
                ReplyCompleted completed => completed.Text,
                ReplyFailed failed => throw new ProblemException(failed.Problem),
                _ => reply,
            };
        }

        foreach (Match found in FourDigits().Matches(reply ?? ""))
        {
            tally.Check(found.Value, code, _id, text, reply!);
        }

        if (reply is not null)
        {
            _completed.Add((turnId, reply));
            tally.Completed();
        }

        return reply;
    });

    /// <summary>Hangs up in the middle of the reply.</summary>
    private Task<string?> Leave() => Try(async conversation =>
    {
        var events = 0;
        await foreach (var _ in conversation.Say(Turn($"t{_turn++}", "Tell me a story."), stop))
        {
            if (++events == 4)
            {
                break;
            }
        }

        tally.Left();
        return "";
    });

    private Task<string?> BargeIn(string code) => Try(async conversation =>
    {
        var heard = "";
        await foreach (var e in conversation.Say(Turn($"t{_turn++}", "Tell me a story."), stop))
        {
            if (e is ReplyText piece && (heard += piece.Text).Length > 20)
            {
                await conversation.Interrupt(heard[..10], stop);
                break;
            }
        }

        tally.BargedIn();
        return code;
    });

    /// <summary>Says it word by word; sometimes thinks better of it.</summary>
    private async Task Speak(string code)
    {
        var text = Sayings[_random.Next(Sayings.Length)];
        var words = text.Split(' ');
        for (var i = 1; i <= words.Length; i++)
        {
            var draft = new SpokenDraft(string.Join(' ', words[..i]), Speculate: i == words.Length);
            if (await Try(async conversation =>
            {
                await conversation.Listen(draft, stop);
                return "";
            }) is null)
            {
                return;
            }
        }

        if (_random.Next(4) > 0)
        {
            await Say(text, code);
        }
    }

    /// <summary>A request of OpenAI's kind, now and then left alone.</summary>
    private async Task Complete()
    {
        var current = await server.Current.WaitAsync(stop);
        try
        {
            using var impatience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            if (_random.Next(2) == 0)
            {
                impatience.CancelAfter(_random.Next(5, 60));
            }

            using var answer = await current.Http.PostAsJsonAsync("v1/chat/completions", new { messages = new[] { new { role = "user", content = "Tell me a story." } }, max_tokens = 60 }, impatience.Token);
            var text = await answer.Content.ReadAsStringAsync(impatience.Token);
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable && !server.Is(current))
            {
                tally.Lost();
                return;
            }

            Assert.True(answer.IsSuccessStatusCode, text);
        }
        catch (OperationCanceledException)
        {
            tally.Left();
        }
        catch (Exception error) when (IsGone(error, current))
        {
            tally.Lost();
        }
    }

    private Turn Turn(string id, string text) => new()
    {
        TurnId = id,
        Text = text,
        Priority = (TurnPriority)_random.Next(3),
        Private = _random.Next(4) == 0,
        Sampling = new SamplingOptions { MaxTokens = 60 },
    };

    /// <summary>Everything that was completed is stored whole, once and in order.</summary>
    private Task<string?> CheckHistory() => Try(async conversation =>
    {
        var page = await conversation.Read(0, 100, stop);
        var stored = page!.Turns;
        Assert.Equal(stored.Count, stored.Select(t => t.TurnId).Distinct(StringComparer.Ordinal).Count());
        var kept = stored.Where(t => _completed.Any(c => c.TurnId == t.TurnId)).Select(t => (t.TurnId, t.Reply)).ToList();
        Assert.Equal(_completed, kept);
        Assert.All(stored.Where(t => _completed.Any(c => c.TurnId == t.TurnId)), t => Assert.Equal(TurnState.Completed, t.State));
        return "";
    });

    private async Task<string?> Try(Func<IConversation, Task<string?>> act)
    {
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            var current = await server.Current.WaitAsync(stop);
            try
            {
                return await act(current.Conversations.Get(_id));
            }
            catch (ProblemException busy) when (busy.Problem is { Code: ProblemCodes.TurnInProgress, Retryable: true })
            {
                await Task.Delay(20, stop); // the turn that was left is just ending
            }
            catch (Exception error) when (IsGone(error, current))
            {
                tally.Lost();
                return null;
            }
        }
    }

    /// <summary>Broken off because the server was stopped, and for no other reason.</summary>
    private bool IsGone(Exception error, ServerProcess current) => error is HttpRequestException or IOException or ProblemException { Problem.Retryable: true } or InvalidOperationException or ObjectDisposedException
        && (!server.Is(current) || error is ProblemException { Problem.Code: ProblemCodes.Stopping or ProblemCodes.NotReady });

    [GeneratedRegex("(?<![0-9])[0-9]{4}(?![0-9])")]
    private static partial Regex FourDigits();
}

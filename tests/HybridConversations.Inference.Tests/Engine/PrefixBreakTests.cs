using HybridConversations.Inference.Tests.LlamaCpp;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.Tests.Engine;

public sealed class PrefixBreakTests
{
    private const string Start = "<|im_start|>";
    private const string End = "<|im_end|>\n";
    private static readonly string Rules = Text(1, 300);
    private readonly ListLogger _log = new();
    private readonly CoreDriver _driver;

    public PrefixBreakTests() => _driver = new CoreDriver(new() { Cells = 16_000, TrainedContext = 16_000 }, logger: _log);

    private string[] Said => [.. _log.Lines.Where(line => line is { Level: LogLevel.Warning }).Select(line => line.Text)];

    [Fact]
    public async Task A_clock_in_the_system_prompt_is_told_once()
    {
        foreach (var time in new[] { "09:14:05", "09:14:31", "09:15:02", "10:00:00" })
        {
            await Ask(null, $"{Start}system\nIt is {time}. {Rules}{End}{Start}user\nHello{End}");
        }

        var said = Assert.Single(Said);
        Assert.Contains("at token 20:", said); // the control token, "system\n", "It is 09:14:"
        Assert.Contains("It is 09:14:|31", said);
        Assert.Contains("where 05… stood", said);
        Assert.Contains("looks like a clock", said);
    }

    [Fact]
    public async Task A_name_in_the_system_prompt_is_told_as_what_it_is()
    {
        await Ask(null, $"{Start}system\nYou talk with Ada. {Rules}{End}{Start}user\nHello{End}");
        await Ask(null, $"{Start}system\nYou talk with Grace. {Rules}{End}{Start}user\nHello{End}");
        Assert.Contains("a few words in the middle of the same text", Assert.Single(Said));
    }

    [Theory]
    [InlineData("a")]
    [InlineData(null)]
    public async Task A_dropped_middle_is_told_with_what_is_read_again(string? key)
    {
        var system = $"{Start}system\n{Rules}{End}";
        string[] turns = [.. Enumerable.Range(0, 6).Select(i => $"{Start}user\n{Text(10 + i, 100)}{End}")];
        await Ask(key, system + string.Concat(turns));
        var usage = await Ask(key, system + string.Concat(turns[3..]) + $"{Start}user\nAnd now?{End}");

        // Its own history is moved up; of requests without a conversation nobody knows that they are one client's.
        Assert.Equal(key is null, usage.ReusedTokens < 400);
        var said = Assert.Single(Said);
        Assert.Contains($"{3 * turns[0].Replace(Start, "1").Replace("<|im_end|>", "2").Length} tokens of the history were left out", said);
        Assert.Contains($"{usage.ReadTokens} of its {usage.PromptTokens} tokens are read again", said);
        Assert.Contains(key is null ? "a request without a conversation" : "conversation 'a'", said);

        await Ask(key, system + string.Concat(turns[4..]) + $"{Start}user\nAnd now?{End}");
        Assert.Single(Said);
    }

    [Fact]
    public async Task Another_beginning_and_a_rewritten_history_are_told_of_a_conversation_only()
    {
        await Ask("a", Text(1, 400));
        await Ask("a", "x" + Text(2, 400)); // nothing in common: nothing to say about a break
        Assert.Empty(Said);
        await Ask("a", "x" + Text(2, 3) + Text(3, 400));
        Assert.Contains("the beginning itself is another", Assert.Single(Said));
        await Ask("a", "x" + Text(2, 3) + Text(3, 200) + Text(4, 200));
        Assert.Contains("earlier turns read differently", Said[1]);
        await Ask(null, "x" + Text(2, 3) + Text(3, 300) + Text(5, 200));
        await Ask("b", "x" + Text(2, 3) + Text(3, 100) + Text(6, 200));
        Assert.Equal(2, Said.Length);
    }

    [Fact]
    public async Task New_chats_barge_ins_and_replaced_drafts_are_nothing_to_tell()
    {
        var system = $"{Start}system\n{Rules}{End}";
        for (var i = 0; i < 5; i++)
        {
            await Ask(null, $"{system}{Start}user\n{Text(20 + i, 150)}{End}");
            await Ask($"c{i}", $"{system}{Start}user\n{Text(30 + i, 150)}{End}");
        }

        var first = $"{system}{Start}user\n{Text(40, 100)}{End}{Start}assistant\n";
        var reply = SimulatedModel.Reply(first, 200);
        await Ask("talk", first, 200);
        var second = first + reply[..(reply.Length / 3)] + $"{End}{Start}user\n{Text(41, 60)}{End}";
        await Ask("talk", second);
        var before = $"{second}{Start}user\n";
        await Ask("talk", before + Text(42, 100), 0, readAhead: true);
        await Ask("talk", before + Text(43, 100), 0, readAhead: true);
        await Ask("talk", before + Text(44, 100) + End);
        Assert.Empty(Said);
    }

    [Fact]
    public async Task Private_words_are_not_shown()
    {
        var secret = "the code is 4711, " + Rules;
        await Ask("a", secret + Text(2, 300), isPrivate: true);
        await Ask("a", secret + Text(3, 300));
        var said = Assert.Single(Said);
        Assert.Contains("(not shown: private)", said);
        Assert.DoesNotContain("4711", said);

        var other = "another 1234 story " + Text(5, 20);
        await Ask(null, other + "05" + Text(6, 100), isPrivate: true);
        await Ask(null, other + "06" + Text(6, 100));
        Assert.Contains("(not shown: private)", Said[1]);
    }

    [Fact]
    public async Task Control_characters_cannot_forge_a_line_of_the_log()
    {
        await Ask(null, Rules + "12\n2026-01-01 fatal: \u001b[31mforged\r\n" + Text(2, 100));
        await Ask(null, Rules + "34\n2026-01-01 fatal: \u001b[31mforged\r\n" + Text(2, 100));
        Assert.DoesNotContain(Assert.Single(Said), char.IsControl);
    }

    [Fact]
    public async Task What_was_told_is_remembered_within_bounds()
    {
        await Break("first");
        for (var i = 0; i < 256; i++)
        {
            await Break($"c{i}");
        }

        Assert.Equal(257, Said.Length);
        await Break("c200");
        Assert.Equal(257, Said.Length);
        await Break("first"); // forgotten, so told again
        Assert.Equal(258, Said.Length);

        async Task Break(string key)
        {
            await Ask(key, key + Text(1, 70), 1);
            await Ask(key, key + Text(1, 20) + Text(3, 50), 1);
        }
    }

    private async Task<TokenUsage> Ask(string? key, string prompt, int maxTokens = 2, bool readAhead = false, bool isPrivate = false)
    {
        var generation = _driver.Submit(prompt, maxTokens, key, readAhead: readAhead, isPrivate: isPrivate);
        _driver.RunToEnd();
        await CoreDriver.TextOf(generation);
        return (await generation.Completion).Usage;
    }

    private static string Text(int seed, int length)
    {
        var random = new Random(seed);
        return string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(26))));
    }
}

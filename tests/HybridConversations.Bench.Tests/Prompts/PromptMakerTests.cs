using HybridConversations.Bench.Http;
using HybridConversations.Bench.Prompts;
using HybridConversations.Bench.Tests.Peer;

namespace HybridConversations.Bench.Tests.Prompts;

public sealed class PromptMakerTests
{
    private static readonly PromptScale Scale = new(16, 1);

    [Fact]
    public void The_same_seed_and_key_give_the_same_words_in_every_process()
    {
        var prompt = new PromptMaker(Scale, 1, "nonce").Chat(24, "mixed/1/voice/0/0");

        Assert.Equal(prompt, new PromptMaker(Scale, 1, "nonce").Chat(24, "mixed/1/voice/0/0"));
        Assert.StartsWith("below fill energy hard copy above famous ", new PromptMaker(Scale, 1, "other").Chat(24, "mixed/1/voice/0/0").User);
    }

    [Fact]
    public void Another_nonce_changes_the_beginning_and_nothing_else()
    {
        var one = new PromptMaker(Scale, 1, "one").Chat(100, "key");
        var other = new PromptMaker(Scale, 1, "other").Chat(100, "key");

        Assert.Equal(one.User, other.User);
        Assert.NotEqual(one.System, other.System);
        Assert.NotEqual(PeerServer.Words(one.System)[0], PeerServer.Words(other.System)[0]);
    }

    [Fact]
    public void A_thousand_keys_give_a_thousand_beginnings()
    {
        var prompts = new PromptMaker(Scale, 1, "nonce");

        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(index => prompts.System($"decode-1/1/{index}")).Distinct().Count());
    }

    [Theory]
    [InlineData(32)]
    [InlineData(600)]
    [InlineData(2000)]
    public async Task Calibrated_prompts_have_the_tokens_that_were_asked_for(int tokens)
    {
        await using var server = await PeerServer.Start();
        using var endpoint = new Endpoint("A", server.Url, key: null, TimeSpan.FromMinutes(1));
        var target = new Target(endpoint, TargetKind.OpenAi, "m");
        var scale = await new PromptCalibration(1, "nonce", TimeProvider.System).Measure(target, CancellationToken.None);

        var reply = await new ChatClient(target, TimeProvider.System).Ask(
            new BenchRequest("test", new PromptMaker(scale, 1, "nonce").Chat(tokens, "key").Messages, 1), CancellationToken.None);

        Assert.Equal(Scale, scale);
        Assert.Equal(tokens, reply.Usage!.PromptTokens);
    }

    [Fact]
    public async Task A_small_context_is_calibrated_with_shorter_prompts()
    {
        await using var server = await PeerServer.Start(new PeerOptions { Context = 60 });
        using var endpoint = new Endpoint("A", server.Url, key: null, TimeSpan.FromMinutes(1));

        Assert.Equal(Scale, await new PromptCalibration(1, "nonce", TimeProvider.System).Measure(new Target(endpoint, TargetKind.OpenAi, "m"), CancellationToken.None));
    }

    [Fact]
    public void A_size_below_the_template_is_one_word() => Assert.Single(PeerServer.Words(new PromptMaker(Scale, 1, "nonce").Chat(5, "key").User));
}

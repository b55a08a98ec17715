using HybridConversations.Inference.Engine;
using HybridConversations.Inference.KvBlocks;
using HybridConversations.Inference.KvCache;
using HybridConversations.Inference.Sampling;
using HybridConversations.Inference.Text;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Inference.Tests.KvCache;

/// <summary>No tenant finds out from how much of its prompt was there already what another has said: on every tier, with and without a conversation.</summary>
public sealed class TenantKvTests : IDisposable
{
    private const int Cells = 3000;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_prompt_finds_its_own_tenants_kv_and_nobody_elses()
    {
        await using var engine = Start(Cells);
        var secret = Text(1, 400);
        Assert.Equal(0, (await Ask(engine, "acme", secret + "one")).ReusedTokens);
        Assert.Equal(0, (await Ask(engine, "umbra", secret + "two")).ReusedTokens);
        Assert.Equal(0, (await Ask(engine, null, secret + "three")).ReusedTokens);
        Assert.Equal(0, (await Ask(engine, "*", secret + "four")).ReusedTokens);
        foreach (var tenant in new[] { "acme", "umbra", null, "*" })
        {
            Assert.InRange((await Ask(engine, tenant, secret + "five")).ReusedTokens, 400, 404);
        }

        // A tenant's conversation and its requests without one share, and no other tenant's conversation does.
        Assert.InRange((await Say(engine, "acme∕kitchen", secret + "six")).ReusedTokens, 400, 403);
        Assert.Equal(0, (await Say(engine, "mallory∕kitchen", secret + "six")).ReusedTokens);
        Assert.InRange((await Say(engine, "kitchen", secret + "six")).ReusedTokens, 400, 403);
    }

    [Fact]
    public async Task What_was_parked_or_is_on_disk_is_found_by_its_tenant_alone()
    {
        var secret = Text(2, 600);
        await using (var engine = Start(1400))
        {
            await Ask(engine, "acme", secret + "one");
            await Say(engine, "acme∕kitchen", secret + "two");
            for (var i = 0; i < 6; i++)
            {
                await Ask(engine, "umbra", Text(10 + i, 900));
            }

            Assert.Equal(0, (await Ask(engine, "umbra", secret + "three")).ReusedTokens);
            Assert.Equal(0, (await Say(engine, "mallory∕kitchen", secret + "three")).ReusedTokens);
            var own = await Ask(engine, "acme", secret + "three");
            Assert.True(own.Reused!.Parked >= 500, $"{own}");
        }

        await using (var engine = Start(Cells))
        {
            Assert.Equal(0, (await Ask(engine, "eve", secret + "four")).ReusedTokens);
            Assert.Equal(0, (await Ask(engine, null, secret + "four")).ReusedTokens);
            Assert.True((await Ask(engine, "acme", secret + "four")).Reused!.Snapshot >= 512);
        }

        await using (var engine = Start(Cells))
        {
            Assert.True((await Say(engine, "acme∕kitchen", secret + "two, and more")).Reused!.Snapshot >= 512);
        }
    }

    [Fact]
    public async Task What_the_operator_keeps_ready_is_everyones_and_what_conversations_began_with_is_their_tenants()
    {
        var (pinned, own) = (Text(3, 300), Text(4, 300));
        for (var start = 0; start < 2; start++)
        {
            await using var engine = Start(Cells);
            var warm = await engine.WarmPrefixesAsync([SimulatedModel.Tokenize(pinned, parseSpecial: true)]);
            Assert.Equal(start == 0 ? 1 : 2, warm.Count);
            Assert.Equal(300, (await Say(engine, $"acme∕p{start}", pinned + "x", shared: 300)).ReusedTokens);
            Assert.Equal(300, (await Say(engine, $"umbra∕p{start}", pinned + "x", shared: 300)).ReusedTokens);
            Assert.Equal(0, (await Say(engine, $"umbra{start}∕o", own + "x", shared: 300)).ReusedTokens);
            foreach (var id in new[] { "one", "two" })
            {
                var usage = await Say(engine, $"acme∕{id}{start}", own + "x", shared: 300);
                Assert.Equal(start == 0 && id == "one" ? 0 : 300, usage.ReusedTokens);
            }
        }
    }

    [Fact]
    public void A_realm_is_read_from_a_key_and_has_blocks_of_its_own()
    {
        int[] tokens = [1, 2, 3];
        Assert.Equal(default, KvRealm.Of(Tenants.Default));
        Assert.Equal(KvRealm.Of("acme"), KvRealm.OfKey("acme∕kitchen"));
        Assert.Equal(default, KvRealm.OfKey("kitchen"));
        KvRealm[] realms = [default, KvRealm.Everyone, KvRealm.Of("acme"), KvRealm.Of("umbra"), KvRealm.Of("*")];
        Assert.Equal(realms.Length, realms.Select(realm => PrefixKey.Of(tokens, realm)).Distinct().Count());
        Assert.All(realms, realm => Assert.Equal(realm, KvRealm.OfKey(PrefixKey.Of(tokens, realm))));
        Assert.All(realms, realm => Assert.Equal(realm, (KvLineage.Clean with { Realm = realm }).Of(3).Realm));
    }

    private InferenceEngine Start(int cells) => new(
        new SimulatedBackend(new() { Cells = cells, MaxSequences = 20 }),
        new EngineOptions { Tiers = new KvTierOptions { SnapshotFolder = _folder.Path, SnapshotDelayMs = 0 } }, TimeProvider.System, NullLogger<InferenceEngine>.Instance);

    private static Task<TokenUsage> Ask(InferenceEngine engine, string? tenant, string prompt) => Run(engine, new GenerationRequest { Tenant = tenant, Prompt = Prompt(prompt), MaxTokens = 4, Sampling = Greedy });

    private static Task<TokenUsage> Say(InferenceEngine engine, string conversation, string prompt, int shared = 0) =>
        Run(engine, new GenerationRequest { Key = conversation, Prompt = Prompt(prompt), MaxTokens = 4, Sampling = Greedy, SharedTokens = shared });

    private static async Task<TokenUsage> Run(InferenceEngine engine, GenerationRequest request) => (await engine.Submit(request).Completion).Usage;

    private static SamplingParameters Greedy { get; } = new() { Temperature = 0 };

    private static Prompt Prompt(string text) => new(SimulatedModel.Tokenize(text, parseSpecial: true));

    private static string Text(int seed, int length)
    {
        var random = new Random(seed);
        return string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(26))));
    }
}

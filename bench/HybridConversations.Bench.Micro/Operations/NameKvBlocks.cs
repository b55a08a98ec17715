using HybridConversations.Inference.KvBlocks;

namespace HybridConversations.Bench.Micro.Operations;

/// <summary>The hash chain of a conversation of 1,000 tokens.</summary>
internal sealed class NameKvBlocks : IMicroOperation
{
    private readonly int[] _tokens = [.. Enumerable.Range(0, 1000)];

    public string Name => "kv-block-ids";

    public void Run() => KvBlockId.Chain(_tokens);

    public void Dispose()
    {
    }
}

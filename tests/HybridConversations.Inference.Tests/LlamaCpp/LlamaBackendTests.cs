using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Tests.Backends;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.LlamaCpp;

/// <summary>llama.cpp on the built-in model keeps the contract. One thread: its threads wait for each other by spinning, which tests that run side by side make slow.</summary>
public class LlamaBackendTests : ModelBackendContract
{
    protected override string? Unavailable => RealBackend.Unavailable;

    protected override float Noise => KernelNoise.Of(Options);

    protected virtual BackendOptions Options { get; } = new() { ModelPath = RepositoryFiles.DemoModel, FlashAttention = FlashAttention.Off, Threads = 1 };

    protected override IModelBackend Make(int cells, int sequences, int batch) => RealBackend.Load(
        Options with { Context = Options.Layout == KvLayout.Separate ? cells * sequences : cells, MaxSequences = sequences, BatchSize = batch, MicroBatchSize = Math.Min(batch, 32) }).GetAwaiter().GetResult();
}

/// <summary>The same with flash attention, which adds up in half precision in the order of the cells: another one after a restore or a removal.</summary>
public sealed class LlamaBackendFlashAttentionTests : LlamaBackendTests
{
    protected override BackendOptions Options { get; } = new() { ModelPath = RepositoryFiles.DemoModel, FlashAttention = FlashAttention.On, Threads = 1 };
}

/// <summary>The same where each sequence has cells of its own, whose values are not transposed with flash attention.</summary>
public sealed class LlamaBackendSeparateTests : LlamaBackendTests
{
    protected override BackendOptions Options { get; } = new() { ModelPath = RepositoryFiles.DemoModel, Layout = KvLayout.Separate, FlashAttention = FlashAttention.On, Threads = 1 };
}

/// <summary>The same where they are.</summary>
public sealed class LlamaBackendSeparateTransposedTests : LlamaBackendTests
{
    protected override BackendOptions Options { get; } = new() { ModelPath = RepositoryFiles.DemoModel, Layout = KvLayout.Separate, FlashAttention = FlashAttention.Off, Threads = 1 };
}

/// <summary>The same with the model of <c>HC_TEST_MODEL</c>.</summary>
public sealed class LlamaBackendOnTestModelTests : LlamaBackendTests
{
    protected override string? Unavailable => RepositoryFiles.TestModel == RepositoryFiles.DemoModel ? "HC_TEST_MODEL names no model: set it to a GGUF file." : base.Unavailable;

    protected override BackendOptions Options { get; } = new() { ModelPath = RepositoryFiles.TestModel, FlashAttention = FlashAttention.Off, Threads = 1 };
}
